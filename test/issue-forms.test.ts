import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readCommand } from "../adapters/command-line.ts";

const FORM = readFileSync(join(import.meta.dirname, "../.github/ISSUE_TEMPLATE/new-institution.yml"), "utf8");
const lines = FORM.trimEnd().split("\n");

describe("the issue form for a new institution", () => {
  // There is no YAML parser here, so the form keeps to a part of YAML that these forms of lines describe.
  it("is written in the plainest YAML", () => {
    const value = String.raw`(?:"[^"\\]*"|[A-Za-z][\w ,]*)`;
    const line = new RegExp(`^(?:  )*(?:- )?(?:[a-z]+:(?: ${value})?|- ${value}|- [a-z]+: ${value})$`);
    for (const each of lines) expect(each).toMatch(line.test(each) || /^ +- institution$/.test(each) ? each : line);
  });

  it("has what GitHub asks of a form: a name, a description, and fields with ids and labels of their own", () => {
    for (const key of ["name", "description", "body"]) {
      expect(lines.filter((line) => line.startsWith(`${key}:`))).toHaveLength(1);
    }
    const types = lines.filter((line) => line.startsWith("  - type: ")).map((line) => line.slice("  - type: ".length));
    expect(types).toEqual(["markdown", "input", "input", "input", "textarea", "checkboxes"]);
    const ids = lines.filter((line) => line.startsWith("    id: ")).map((line) => line.slice("    id: ".length));
    expect(ids).toEqual(["institution", "country", "sender", "sample", "checked"]);
    expect(lines.filter((line) => line.startsWith("      label: "))).toHaveLength(ids.length);
    expect(lines.filter((line) => line.trim() === "required: true")).toHaveLength(ids.length);
  });

  it("names a command that there is, and where its id stands", () => {
    const [, command = ""] = /`npm run wtmm -- ([^`]+)`/.exec(FORM) ?? [];
    expect(readCommand(command.split(" "))).toEqual({ name: "export-sample", mailId: "MAIL-ID", local: false });
    expect(FORM).toContain("on the /mails page");
    expect(FORM).toContain("Check the sample for names before you send it");
  });
});
