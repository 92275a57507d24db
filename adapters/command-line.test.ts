import { spawnSync } from "node:child_process";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readCommand } from "./command-line.ts";

const NAMES = ["serve", "login-link", "feed", "replay", "export-sample", "rules", "maintenance", "doctor", "interpret"];

describe("a command", () => {
  it.each([
    [["serve"], { name: "serve", local: false }],
    [["serve", "--local"], { name: "serve", local: true }],
    [["login-link", "jane@example.com"], { name: "login-link", email: "jane@example.com", local: false }],
    [["login-link", "--local", "jane@example.com"], { name: "login-link", email: "jane@example.com", local: true }],
    [["feed", "a.eml"], { name: "feed", files: ["a.eml"], to: null, local: false }],
    [["feed", "a.eml", "b.eml"], { name: "feed", files: ["a.eml", "b.eml"], to: null, local: false }],
    [
      ["feed", "a.eml", "--to", "jane@example.com"],
      { name: "feed", files: ["a.eml"], to: "jane@example.com", local: false },
    ],
    [
      ["feed", "--to=jane@example.com", "a.eml", "--local"],
      { name: "feed", files: ["a.eml"], to: "jane@example.com", local: true },
    ],
    [["feed", "--", "--odd.eml"], { name: "feed", files: ["--odd.eml"], to: null, local: false }],
    [["export-sample", "m-1"], { name: "export-sample", mailId: "m-1", local: false }],
    [["export-sample", "--local", "--", "-m"], { name: "export-sample", mailId: "-m", local: true }],
    [["rules"], { name: "rules", local: false }],
    [["rules", "share", "r1", "--local"], { name: "rules-share", ruleId: "r1", isShared: true, local: true }],
    [["rules", "unshare", "r1"], { name: "rules-share", ruleId: "r1", isShared: false, local: false }],
    [["maintenance", "on"], { name: "maintenance", action: "on" }],
    [["maintenance", "off"], { name: "maintenance", action: "off" }],
    [["maintenance", "status"], { name: "maintenance", action: "status" }],
    [["doctor"], { name: "doctor", offline: false, local: false }],
    [["doctor", "--offline", "--local"], { name: "doctor", offline: true, local: true }],
    [["interpret", "a.eml"], { name: "interpret", file: "a.eml", json: false }],
    [["interpret", "--json", "a.eml"], { name: "interpret", file: "a.eml", json: true }],
  ])("is read: %j", (args, command) => {
    expect(readCommand(args)).toEqual(command);
  });
});

describe("wrong usage", () => {
  it.each([
    [["serve", "now"]],
    [["serve", "--locale"]],
    [["serve", "--local=yes"]],
    [["serve", "--json"]],
    [["login-link"]],
    [["login-link", "jane@example.com", "joe@example.com"]],
    [["login-link", "--to", "jane@example.com"]],
    [["feed"]],
    [["feed", "--to", "jane@example.com"]],
    [["feed", "a.eml", "--to"]],
    [["feed", "-t", "jane@example.com", "a.eml"]],
    [["export-sample"]],
    [["export-sample", "m-1", "m-2"]],
    [["export-sample", "m-1", "--json"]],
    [["rules", "share"]],
    [["rules", "unshare", "r1", "r2"]],
    [["rules", "dance", "r1"]],
    [["rules", "--shared"]],
    [["maintenance"]],
    [["maintenance", "of"]],
    [["maintenance", "on", "off"]],
    [["maintenance", "on", "--local"]],
    [["doctor", "now"]],
    [["doctor", "--online"]],
    [["interpret"]],
    [["interpret", "--json"]],
    [["interpret", "a.eml", "b.eml"]],
    [["interpret", "a.eml", "--local"]],
  ])("of a command shows how that one is used: %j", (args) => {
    expect(readCommand(args)).toEqual({ name: "wrong", text: expect.stringContaining(`Usage: wtmm ${args[0]} `) });
  });

  it.each(["--locale", "--json", "-x"])("names the option that there is none of: %s", (option) => {
    expect(readCommand(["serve", option])).toMatchObject({ name: "wrong", text: expect.stringContaining(option) });
  });

  it.each([[[]], [["server"]], [["--local"]], [[""]], [["toString"]], [["__proto__"]], [["SERVE"]]])(
    "without a command that there is lists all there are: %j",
    (args) => {
      const { name, ...rest } = readCommand(args);
      expect(name).toBe("wrong");
      for (const each of NAMES) expect(rest).toMatchObject({ text: expect.stringContaining(`  ${each} `) });
    },
  );
});

describe("help", () => {
  it.each(NAMES)("is there for %s, whatever else is asked", (name) => {
    for (const args of [
      [name, "--help"],
      [name, "-h"],
      [name, "--nonsense", "--help"],
      [name, "a", "b", "-h"],
    ]) {
      expect(readCommand(args)).toEqual({ name: "help", text: expect.stringContaining(`Usage: wtmm ${name} `) });
    }
  });

  it.each([["--help"], ["-h"], ["help"]])("lists the commands when none is named: %s", (word) => {
    expect(readCommand([word])).toEqual({
      name: "help",
      text: expect.stringContaining("wtmm COMMAND --help says more."),
    });
  });
});

it("never throws, whatever is typed", () => {
  const word = fc.oneof(
    fc.constantFrom(...NAMES, "--local", "--to", "--json", "--", "-", "--to=", "--help"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (args) => {
      expect([...NAMES, "rules-share", "help", "wrong"]).toContain(readCommand(args).name);
    }),
  );
});

describe("the program", () => {
  it.each([
    [["serve", "--locale"], { status: 2, stdout: "", stderr: expect.stringContaining("--locale") }],
    [[], { status: 2, stdout: "", stderr: expect.stringMatching(/^Usage: wtmm COMMAND\n/) }],
    [["feed", "--help"], { status: 0, stdout: expect.stringMatching(/^Usage: wtmm feed /), stderr: "" }],
  ])("ends as %j demands, with its words where they belong", (args, expected) => {
    const main = join(import.meta.dirname, "..", "main.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual(expected);
  });
});
