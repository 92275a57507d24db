import { spawnSync } from "node:child_process";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readCommand } from "./command-line.ts";

const NAMES = [
  "serve",
  "login-link",
  "feed",
  "replay",
  "export-sample",
  "rules",
  "restore",
  "recover",
  "dumps",
  "bucket",
  "maintenance",
  "doctor",
  "interpret",
];

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
    [["dumps"], { name: "dumps" }],
    [["restore", "--to", "d"], { name: "restore", dump: null, at: null, to: "d", mayErase: null }],
    [["restore", "--to", "d", "--erase", "12"], { name: "restore", dump: null, at: null, to: "d", mayErase: 12 }],
    [["restore", "latest", "--to", "d"], { name: "restore", dump: null, at: null, to: "d", mayErase: null }],
    [
      ["restore", "./x.db.zst.age", "--to=d"],
      { name: "restore", dump: "./x.db.zst.age", at: null, to: "d", mayErase: null },
    ],
    [["recover"], { name: "recover", since: null, isCheck: false }],
    [
      ["recover", "--check", "--since", "2026-11-20"],
      { name: "recover", since: Temporal.Instant.from("2026-11-20T00:00Z"), isCheck: true },
    ],
    [
      ["recover", "--since=2026-11-20T14:00-05:00"],
      { name: "recover", since: Temporal.Instant.from("2026-11-20T19:00Z"), isCheck: false },
    ],
    [["bucket", "--user", "u"], { name: "bucket", user: "u", check: false }],
    [["bucket", "--check", "--user", "u"], { name: "bucket", user: "u", check: true }],
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

it.each([
  ["2026-11-20T14:00Z", "2026-11-20T14:00:00Z"],
  ["2026-11-20T14:00:30.5+01:00", "2026-11-20T13:00:30.5Z"],
  ["2026-11-20T14:00+01:00[Europe/Zurich]", "2026-11-20T13:00:00Z"],
  ["2026-11-20", "2026-11-20T23:59:59.999999999Z"],
  ["2024-02-29", "2024-02-29T23:59:59.999999999Z"],
])("restore --at takes %s", (at, instant) => {
  const command = readCommand(["restore", "--at", at, "--to", "d"]);
  expect(command.name === "restore" && command.at?.toString()).toBe(instant);
});

it.each(["2026-11-20T14:00", "2026-02-30", "yesterday", "14:00Z", ""])("restore --at says what it needs: %j", (at) => {
  const says = "--at needs a day like 2026-11-20 or a time with its zone like 2026-11-20T14:00Z";
  expect(readCommand(["restore", "--at", at, "--to", "d"])).toMatchObject({ text: expect.stringContaining(says) });
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
    [["dumps", "all"]],
    [["recover", "now"]],
    [["recover", "--since", "yesterday"]],
    [["recover", "--since", "2026-11-20T14:00"]],
    [["restore"]],
    [["restore", "latest"]],
    [["restore", "--to", ""]],
    [["restore", "one", "two", "--to", "d"]],
    [["restore", "--to", "d", "--erase", "all"]],
    [["restore", "latest", "--at", "2026-11-20", "--to", "d"]],
    [["bucket"]],
    [["bucket", "dumps", "--user", "u"]],
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
    expect(readCommand(args)).toEqual({
      name: "wrong",
      text: expect.stringMatching(new RegExp(`Usage: wtmm ${args[0]}\\b`)),
    });
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
      expect(readCommand(args)).toEqual({
        name: "help",
        text: expect.stringMatching(new RegExp(`Usage: wtmm ${name}\\b`)),
      });
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
