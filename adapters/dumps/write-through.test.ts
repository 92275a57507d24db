import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { watchSyncs } from "../../test/watch-syncs.ts";
import { writeThrough, writingThrough } from "./write-through.ts";

const MEGABYTE = 1024 * 1024;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-write-through-"));
  file = join(folder, "large");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes so many megabytes, 16 KB at once. */
function writer(megabytes: number): ChildProcess {
  const script = `
    const file = require("node:fs").openSync(${JSON.stringify(file)}, "w");
    for (let count = 0; count < ${megabytes * 64}; count += 1) require("node:fs").writeSync(file, Buffer.alloc(16_384));`;
  return spawn(process.execPath, ["--eval", script], { stdio: "inherit" });
}

function stateOf({ pid }: ChildProcess): string | undefined {
  const status = `/proc/${String(pid)}/status`;
  return existsSync(status) ? /^State:\s+(\w)/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
}

it("has a process stand still while what it wrote is brought to the disk, and go on to its end", async () => {
  const child = writer(200);
  const states: string[] = [];
  await watchSyncs(async () => {
    // It has been told, and stands still in a moment, or has ended.
    await vi.waitUntil(() => /^[TZ]$/.test(stateOf(child) ?? "Z"), { interval: 1 });
    states.push(stateOf(child) ?? "Z");
  });
  await writingThrough(child, file);
  expect(child.exitCode).toBe(0);
  expect(statSync(file).size).toBe(200 * MEGABYTE);
  expect(states.length).toBeGreaterThan(5);
  // The end of it may be brought there when it has ended.
  expect(new Set(states.slice(0, -1))).toEqual(new Set(["T"]));
});

it("leaves a process alone that writes next to nothing", async () => {
  const child = writer(1);
  const killed = vi.spyOn(child, "kill");
  await writingThrough(child, file);
  expect(killed).not.toHaveBeenCalled();
});

it("never has more than a little of a file not on the disk yet", async () => {
  const written: number[] = [];
  await watchSyncs(async () => void written.push(statSync(file).size));
  async function* parts() {
    for (let count = 0; count < 100; count += 1) yield Buffer.alloc(100_000, count);
  }
  await writeThrough(file, parts(), 0o600);
  expect(readFileSync(file).equals(Buffer.concat(await Array.fromAsync(parts())))).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(written.map((size, index) => size - (written[index - 1] ?? 0)).every((size) => size < 2.2 * MEGABYTE)).toBe(
    true,
  );
  expect(written.at(-1)).toBeGreaterThan(7_800_000);
});

it("writes no file where one is", async () => {
  async function* none() {}
  await expect(writeThrough(folder, none(), 0o600)).rejects.toMatchObject({ code: "EEXIST" });
});
