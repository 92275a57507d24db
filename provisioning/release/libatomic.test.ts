import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { libatomic, libraryFault } from "./libatomic.ts";

describe("a release's libatomic", () => {
  it.runIf(process.platform === "linux" && process.arch === "x64")("is the one that this Node runs with", () => {
    expect(libraryFault(readFileSync(libatomic()))).toBeNull();
  });

  it("is no newer than Debian 12 by its glibc", () => {
    expect(libraryFault(elf(62, "GLIBC_2.2.5 GLIBC_2.36"))).toBeNull();
    expect(libraryFault(elf(62, "GLIBC_2.2.5 GLIBC_2.38 GLIBC_2.4"))).toContain("needs glibc 2.38");
    expect(libraryFault(elf(183, ""))).toContain("no library for x86-64");
    expect(libraryFault(Buffer.from("text"))).toContain("no library for x86-64");
  });
});

function elf(machine: number, text: string): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01", "latin1");
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(text)]);
}
