import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { canary, leaksIn, watch } from "./canaries.ts";
import { CREDENTIAL, LINK_KEY } from "./fake-app.ts";
import { buildProgram, dataFolder, runCommand } from "./program.ts";

const SETTINGS = {
  DOMAIN: "wtmm.example.com",
  PORT: "0",
  WEBHOOK_CREDENTIALS: CREDENTIAL,
  LINK_KEYS: LINK_KEY,
  POSTMARK_SERVER_TOKEN: "token",
};

beforeAll(buildProgram);

describe("a start that fails says what is wrong, and nothing private", () => {
  const secret = canary("startsecret");
  const long = watch(`${secret}-0123456789-0123456789-0123456789`);
  it.each<[names: string, env: Record<string, string>]>([
    ["POSTMARK_SERVER_TOKEN", { POSTMARK_SERVER_TOKEN: `${secret}\n${secret}` }],
    ["POSTMARK_API_URL", { POSTMARK_API_URL: `https://${secret}:${secret}@api.example.com/?x` }],
    ["PUBLIC_URL", { PUBLIC_URL: `https://${secret}:${secret}@wtmm.example.com` }],
    ["WEBHOOK_CREDENTIALS", { WEBHOOK_CREDENTIALS: secret }],
    ["LINK_KEYS", { LINK_KEYS: secret }],
    ["LINK_KEYS", { LINK_KEYS: "", LINK_KEYS_FILE: long }],
    ["MAIL_FROM", { MAIL_FROM: `${secret}@example.com` }],
    ["DATABASE_URL", { DATABASE_URL: `libsql://${secret}:${secret}@db.example.com` }],
    ["DATABASE_URL", { DATABASE_URL: `https://db.example.com?authToken=${secret}` }],
    ["DATABASE_AUTH_TOKEN", { DATABASE_URL: "http://127.0.0.1:1", DATABASE_AUTH_TOKEN: `${secret}\n${secret}` }],
    ["The database http://127.0.0.1:1", { DATABASE_URL: "http://127.0.0.1:1", DATABASE_AUTH_TOKEN: secret }],
  ])("about %s: %j", (names, env) => {
    const { code, stdout, stderr } = runCommand(["serve"], { ...SETTINGS, DATA_DIR: emptyFolder(), ...env });
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(names)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(leaksIn(stderr)).toEqual([]);
  });

  it.each([
    ["secrets.json", ["serve", "--local"]],
    ["wtmm.db", ["serve"]],
  ])("about a damaged %s", (file, args) => {
    const dataDir = emptyFolder();
    writeFileSync(join(dataDir, file), `{"linkKey": "${long}`);
    const { code, stderr } = runCommand(args, { ...SETTINGS, DATA_DIR: dataDir });
    expect([code, stderr]).toEqual([1, expect.stringContaining(file)]);
    expect(leaksIn(stderr)).toEqual([]);
  });
});

function emptyFolder(): string {
  const { path, remove } = dataFolder();
  onTestFinished(remove);
  return path;
}
