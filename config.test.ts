import { describe, expect, it } from "vitest";

import { ConfigError, dataDirOf, domainOf, isForService, readConfig, type SettingSource } from "./config.ts";

const SERVICE = {
  DOMAIN: "wtmm.example.com",
  WEBHOOK_CREDENTIALS: "postmark:correct-horse",
  LINK_KEYS: "first-key-0123456789-0123456789-0123456789",
  POSTMARK_SERVER_TOKEN: "token",
};
const SECRETS = { webhookCredential: "local:correct-horse", linkKey: SERVICE.LINK_KEYS };

function from(env: SettingSource["env"], files: Record<string, string> = {}): SettingSource {
  return { env, readFile: (path) => files[path] ?? null };
}

function refusal(env: SettingSource["env"]): string {
  try {
    readConfig(from({ ...SERVICE, ...env }), null);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "nothing was refused";
}

describe("the settings of a service", () => {
  it("need no more than the domain and the secrets", () => {
    expect(readConfig(from(SERVICE), null)).toMatchObject({
      local: false,
      publicUrl: "https://wtmm.example.com",
      mailFrom: "info@wtmm.example.com",
      databaseUrl: "file:./data/wtmm.db",
      signup: "open",
    });
  });

  it.each(["DOMAIN", "WEBHOOK_CREDENTIALS", "LINK_KEYS", "POSTMARK_SERVER_TOKEN"])("have no default for %s", (name) => {
    for (const nothing of [undefined, "", "  "]) {
      expect(refusal({ [name]: nothing })).toMatch(new RegExp(`^${name} is not set\\. It must be `));
    }
  });

  it.each([
    ["DOMAIN", "localhost", "DOMAIN is not a domain name: localhost"],
    ["PORT", "http", "PORT is not a port between 0 and 65535: http"],
    ["PORT", "65536", "PORT is not a port between 0 and 65535: 65536"],
    ["PUBLIC_URL", "wtmm.example.com", "PUBLIC_URL is not an http or https address: wtmm.example.com"],
    ["WEBHOOK_MAX_BYTES", "0", "WEBHOOK_MAX_BYTES is not a number of bytes: 0"],
    ["LOG_LEVEL", "loud", "LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not loud."],
    ["SIGNUP", "maybe", "SIGNUP must be one of open, closed, not maybe."],
    ["DATABASE_URL", "/var/lib/wtmm.db", "DATABASE_URL must begin with file:, http://, https:// or libsql://."],
  ])("refuse %s=%s", (name, value, sentence) => {
    expect(refusal({ [name]: value })).toBe(sentence);
  });

  it("never repeat a secret", () => {
    expect(refusal({ WEBHOOK_CREDENTIALS: "postmark:short" })).not.toContain("short");
    expect(refusal({ LINK_KEYS: "guessable" })).not.toContain("guessable");
  });

  it.each([
    "libsql://db.example.net?authToken=very-secret",
    "https://db.example.net/?authToken=very-secret",
    "https://db.example.net/#very-secret",
    "http://very-secret@db.example.net",
    "libsql://someone:very-secret@db.example.net/",
    "file:data/wtmm.db?authToken=very-secret",
  ])("take the database's token apart from its address, which is printed: %s", (url) => {
    const sentence = refusal({ DATABASE_URL: url });
    expect(sentence).toContain("DATABASE_AUTH_TOKEN");
    expect(sentence).not.toContain("very-secret");
  });

  it.each(["file:/srv/jane@example.com/wtmm.db", "libsql://db.example.net", "http://127.0.0.1:8081/a@b"])(
    "take the database at %s",
    (url) => {
      expect(readConfig(from({ ...SERVICE, DATABASE_URL: url }), null).databaseUrl).toBe(url);
    },
  );

  it.each(["info@wtmm.example.com", "Who Took My Money <hello@WTMM.example.com>"])("take %s as sender", (address) => {
    expect(readConfig(from({ ...SERVICE, MAIL_FROM: address }), null).mailFrom).toBe(address);
  });

  it.each([
    "info@example.com",
    "info@mail.wtmm.example.com",
    "info@notwtmm.example.com",
    "info@wtmm.example.com <info@example.com>",
    "info",
    "@wtmm.example.com",
    "a@example.com, info@wtmm.example.com",
  ])("refuse %s as sender, because letters of ours that come back are known by the domain", (address) => {
    expect(refusal({ MAIL_FROM: address })).toBe(
      `MAIL_FROM must be an address at wtmm.example.com (DOMAIN), not ${address}.`,
    );
  });
});

describe("a setting", () => {
  it("comes from its name, else from the file that NAME_FILE names, else from systemd's credentials", () => {
    const files = { "/file": " from-file\n", "/credentials/DATA_DIR": "from-systemd\n", "/empty": "\n" };
    const everywhere = { DATA_DIR: " from-name ", DATA_DIR_FILE: "/file", CREDENTIALS_DIRECTORY: "/credentials" };
    expect(dataDirOf(from(everywhere, files))).toBe("from-name");
    expect(dataDirOf(from({ ...everywhere, DATA_DIR: "" }, files))).toBe("from-file");
    expect(dataDirOf(from({ CREDENTIALS_DIRECTORY: "/credentials" }, files))).toBe("from-systemd");
    expect(dataDirOf(from({ DATA_DIR_FILE: "/empty" }, files))).toBe("./data");
  });

  it.each(["", " "])("counts as unset when it is %j", (nothing) => {
    expect(dataDirOf(from({ DATA_DIR: nothing }))).toBe("./data");
    expect(domainOf(from({ DOMAIN: nothing }))).toBe("wtmm.test");
    expect(readConfig(from({ DATA_DIR: nothing, DOMAIN: nothing }), SECRETS)).toMatchObject({
      dataDir: "./data",
      databaseUrl: "file:./data/wtmm.db",
      domain: "wtmm.test",
    });
  });

  it("says which file can't be read", () => {
    expect(() => dataDirOf(from({ DATA_DIR_FILE: "/nowhere" }))).toThrow(
      new ConfigError("DATA_DIR_FILE names /nowhere, which can't be read."),
    );
  });
});

describe("whether the settings are those of a service", () => {
  it.each([
    [{ WEBHOOK_CREDENTIALS: "a:b" }],
    [{ LINK_KEYS: "x" }],
    [{ LINK_KEYS_FILE: "/key" }],
    [{ WEBHOOK_CREDENTIALS_FILE: "/key" }],
    [{ CREDENTIALS_DIRECTORY: "/credentials" }],
  ])("is told by its secrets: %j", (env) => {
    expect(isForService(from(env, { "/key": "x", "/credentials/LINK_KEYS": "x" }))).toBe(true);
  });

  it.each([[{}], [{ DOMAIN: "wtmm.example.com" }], [{ LINK_KEYS: "" }], [{ CREDENTIALS_DIRECTORY: "/credentials" }]])(
    "is not told by %j",
    (env) => {
      expect(isForService(from(env))).toBe(false);
    },
  );
});
