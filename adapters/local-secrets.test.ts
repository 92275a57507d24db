import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { readConfig } from "../config.ts";
import { hasLocalSecrets, localSecrets } from "./local-secrets.ts";

const CREDENTIAL = `local:${"a".repeat(43)}`;

let directory = "";
let path = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-secrets-"));
  path = join(directory, "secrets.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

it("makes secrets once, which the settings take, and gives the same ever after", () => {
  expect(hasLocalSecrets(directory)).toBe(false);
  const secrets = localSecrets(directory);
  expect(hasLocalSecrets(directory)).toBe(true);
  expect(localSecrets(directory)).toEqual(secrets);
  expect(readConfig({ env: {}, readFile: () => null }, secrets)).toMatchObject({
    webhookCredentials: [secrets.webhookCredential],
    linkKeys: [secrets.linkKey],
  });
});

it("makes others in another folder, each long enough that nobody guesses it", () => {
  const other = mkdtempSync(join(tmpdir(), "wtmm-secrets-"));
  const [first, second] = [localSecrets(directory), localSecrets(other)];
  const all = [first.webhookCredential, first.linkKey, second.webhookCredential, second.linkKey];
  expect(new Set(all.map((secret) => secret.replace("local:", ""))).size).toBe(4);
  for (const secret of all) expect(Buffer.from(secret.replace("local:", ""), "base64url")).toHaveLength(32);
  rmSync(other, { recursive: true });
});

it("lets nobody but the owner read them, whatever the process's mask and what a crash left", () => {
  const mask = process.umask(0);
  try {
    writeFileSync(`${path}.new`, "left by a crash");
    chmodSync(`${path}.new`, 0o666);
    localSecrets(directory);
  } finally {
    process.umask(mask);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["secrets.json"]);
});

it.each([
  ["is empty", ""],
  ["is cut off", '{"webhookCredential":"local:abc'],
  ["is something else", "[]"],
  ["lacks a secret", `{"webhookCredential":"${CREDENTIAL}"}`],
  ["holds an empty secret", `{"webhookCredential":"${CREDENTIAL}","linkKey":""}`],
  ["holds a number", `{"webhookCredential":"${CREDENTIAL}","linkKey":1}`],
])("says what to do when the file %s, and leaves it alone", (_how, content) => {
  writeFileSync(path, content);
  expect(() => localSecrets(directory)).toThrow(
    `${path} is damaged. Delete it to get new secrets; links that were sent stop working.`,
  );
  expect(readFileSync(path, "utf8")).toBe(content);
  rmSync(path);
  localSecrets(directory);
  expect(existsSync(path)).toBe(true);
});
