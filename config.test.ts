import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { openDatabase } from "./adapters/libsql.ts";
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
    ["PUBLIC_URL", "wtmm.example.com", "PUBLIC_URL is not an http or https address without ? and #: wtmm.example.com"],
    [
      "POSTMARK_API_URL",
      "https://user:password@api.example.com?x",
      "POSTMARK_API_URL is not an http or https address without ? and #.",
    ],
    ["POSTMARK_SERVER_TOKEN", "one\ntwo", "POSTMARK_SERVER_TOKEN must be one word of plain letters, digits and signs."],
    ["DATABASE_AUTH_TOKEN", "one two", "DATABASE_AUTH_TOKEN must be one word of plain letters, digits and signs."],
    ["WEBHOOK_MAX_BYTES", "0", "WEBHOOK_MAX_BYTES is not a number above 0: 0"],
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
    expect(refusal({ MAIL_FROM: address })).toBe("MAIL_FROM must be an address at wtmm.example.com (DOMAIN).");
  });
});

describe("a setting of a service", () => {
  it("has this default, unless it is a secret", () => {
    expect(readConfig(from(SERVICE), null)).toEqual({
      local: false,
      domain: "wtmm.example.com",
      publicUrl: "https://wtmm.example.com",
      otherUrls: [],
      port: 8080,
      portIsSet: false,
      host: "127.0.0.1",
      smtpPort: 2525,
      smtpPortIsSet: false,
      dataDir: "./data",
      databaseUrl: "file:./data/wtmm.db",
      databaseAuthToken: null,
      webhookCredentials: ["postmark:correct-horse"],
      webhookMaxBytes: 110 * 1024 * 1024,
      accountLimits: { mailsPerDay: 500, bytesPerDay: 200 * 1024 * 1024 },
      linkKeys: [SERVICE.LINK_KEYS],
      postmarkServerToken: "token",
      postmarkApiUrl: "https://api.postmarkapp.com",
      mailFrom: "info@wtmm.example.com",
      operatorEmail: null,
      s3: null,
      dumpRecipients: [],
      dumpIdentityFile: null,
      opsCopy: null,
      trustedProxies: [],
      logLevel: "info",
      signup: "open",
    });
  });

  it.each([
    [{ DOMAIN: "WTMM.Example.com" }, { domain: "wtmm.example.com" }],
    [{ PUBLIC_URL: "https://Money.example.com:8443//" }, { publicUrl: "https://money.example.com:8443" }],
    [{ PORT: "0" }, { port: 0, portIsSet: true }],
    [{ HOST: "::1" }, { host: "::1" }],
    [{ SMTP_PORT: "65535" }, { smtpPort: 65_535, smtpPortIsSet: true }],
    [{ DATABASE_AUTH_TOKEN: "secret" }, { databaseAuthToken: "secret" }],
    [{ WEBHOOK_CREDENTIALS: "a:12345678  b:12345678" }, { webhookCredentials: ["a:12345678", "b:12345678"] }],
    [{ WEBHOOK_MAX_BYTES: "1000" }, { webhookMaxBytes: 1000 }],
    [{ LINK_KEYS: `${"a".repeat(32)} ${"b".repeat(40)}` }, { linkKeys: ["a".repeat(32), "b".repeat(40)] }],
    [{ POSTMARK_API_URL: "http://127.0.0.1:9/api/" }, { postmarkApiUrl: "http://127.0.0.1:9/api" }],
    [{ OPERATOR_EMAIL: "Ops@example.com" }, { operatorEmail: "Ops@example.com" }],
    [{ TRUSTED_PROXY: "127.0.0.1 ::1" }, { trustedProxies: ["127.0.0.1", "::1"] }],
    [{ LOG_LEVEL: "error" }, { logLevel: "error" }],
    [{ SIGNUP: "closed" }, { signup: "closed" }],
  ])("is what is set: %j", (env, expected) => {
    expect(readConfig(from({ ...SERVICE, ...env }), null)).toMatchObject(expected);
  });

  it.each([
    ["DOMAIN", "exa mple.com"],
    ["DOMAIN", "example.com/path"],
    ["DOMAIN", `${"a".repeat(250)}.com`],
    ["PORT", "-1"],
    ["PORT", "8080x"],
    ["SMTP_PORT", "1e3"],
    ["PUBLIC_URL", "ftp://wtmm.example.com"],
    ["PUBLIC_URL", "https://wtmm.example.com/money"],
    ["PUBLIC_URL", "https://wtmm.example.com?x=1"],
    ["PUBLIC_URL", "https://jane@wtmm.example.com"],
    ["DATABASE_URL", "postgres://example.com"],
    ["WEBHOOK_CREDENTIALS", "postmark"],
    ["WEBHOOK_CREDENTIALS", ":password1"],
    ["WEBHOOK_CREDENTIALS", "postmark:correct-horse other:short"],
    ["WEBHOOK_MAX_BYTES", "110MB"],
    ["WEBHOOK_MAX_BYTES", "-1"],
    ["LINK_KEYS", "a".repeat(31)],
    ["LINK_KEYS", `${"a".repeat(32)} short`],
    ["POSTMARK_API_URL", "api.postmarkapp.com"],
    ["MAIL_FROM", "info"],
    ["OPERATOR_EMAIL", "root"],
    ["S3_FORCE_PATH_STYLE", "yes"],
    ["TRUSTED_PROXY", "localhost"],
    ["TRUSTED_PROXY", "127.0.0.1 10.0.0.0/8"],
    ["TRUSTED_PROXY", "300.0.0.1"],
    ["LOG_LEVEL", "INFO"],
    ["SIGNUP", "voucher"],
  ])("that is malformed stops the start with a sentence that names it: %s=%s", (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name} (is|must) .*[.\\w]$`, "s"));
  });

  it("can't be changed once it was read", () => {
    const config = readConfig(from(SERVICE), null);
    expect(Reflect.set(config, "signup", "closed")).toBe(false);
    expect(config.signup).toBe("open");
  });

  it.each(["my data", "50%41", "really?", "#1", "dätä", "a+b&c=d;e"])(
    "may name a data folder that has to be written otherwise in an address: %s",
    async (name) => {
      const parent = mkdtempSync(join(tmpdir(), "wtmm-config-"));
      mkdirSync(join(parent, name));
      const { databaseUrl } = readConfig(from({ ...SERVICE, DATA_DIR: join(parent, name) }), null);
      await (await openDatabase(databaseUrl)).close();
      expect(readdirSync(parent)).toEqual([name]);
      expect(readdirSync(join(parent, name))).toContain("wtmm.db");
      rmSync(parent, { recursive: true });
    },
  );
});

describe("the settings of the dumps' bucket", () => {
  const S3 = {
    S3_ENDPOINT: "https://fra1.example.net/",
    S3_BUCKET: "wtmm-dumps",
    S3_ACCESS_KEY_ID: "key",
    S3_SECRET_ACCESS_KEY: "very-secret",
  };

  it("need no more than where it is and the key to it", () => {
    expect(readConfig(from({ ...SERVICE, ...S3 }), null).s3).toEqual({
      endpoint: "https://fra1.example.net",
      region: "us-east-1",
      bucket: "wtmm-dumps",
      prefix: "",
      accessKeyId: "key",
      secretAccessKey: "very-secret",
      forcePathStyle: false,
    });
  });

  it("are what is set", () => {
    const more = { S3_REGION: "fra1", S3_PREFIX: "/a/b/", S3_FORCE_PATH_STYLE: "true" };
    expect(readConfig(from({ ...SERVICE, ...S3, ...more }), null).s3).toMatchObject({
      region: "fra1",
      prefix: "a/b/",
      forcePathStyle: true,
    });
  });

  it.each(Object.keys(S3))("are refused when only %s is missing", (name) => {
    const set = name === "S3_ENDPOINT" ? "S3_BUCKET" : "S3_ENDPOINT";
    expect(refusal({ ...S3, [name]: "" })).toMatch(new RegExp(`^${name} is not set, but ${set} is\\. It must be `));
  });

  it("are refused when no more than where in it is set", () => {
    expect(refusal({ S3_PREFIX: "wtmm" })).toMatch(/^S3_ENDPOINT is not set, but S3_PREFIX is\./);
    expect(refusal({ S3_REGION: "fra1" })).toMatch(/^S3_ENDPOINT is not set, but S3_REGION is\./);
  });

  it.each([
    ["S3_ENDPOINT", "fra1.example.net"],
    ["S3_ENDPOINT", "https://fra1.example.net/wtmm-dumps"],
    ["S3_BUCKET", "WTMM dumps"],
    ["S3_BUCKET", "a"],
    ["S3_PREFIX", "dumps of june"],
    ["S3_ACCESS_KEY_ID", "one two"],
  ])("are refused when they could not work: %s=%s", (name, value) => {
    expect(refusal({ ...S3, [name]: value })).toMatch(new RegExp(`^${name} (is|must) `));
  });

  it("name who can open the dumps, each well spelt", () => {
    const key = "age1pyr2lv6c7nw7rantdefx6lq5gs6ucm9wfleac06x6t4dcqnt94hs3sr7cn";
    expect(readConfig(from({ ...SERVICE, DUMP_RECIPIENT: `${key}\t ${key}` }), null).dumpRecipients).toEqual([
      key,
      key,
    ]);
    for (const wrong of [key.slice(1), key.slice(0, -1), key.toUpperCase(), "me@example.com"])
      expect(refusal({ DUMP_RECIPIENT: `${key} ${wrong}` })).toMatch(
        new RegExp(`^DUMP_RECIPIENT must be .*not ${wrong}\\.$`),
      );
  });

  it("refuse the key that opens the dumps, without showing it", () => {
    expect(refusal({ DUMP_RECIPIENT: "AGE-SECRET-KEY-1QQPQ" })).toMatch(
      /^DUMP_RECIPIENT holds a secret key\.(?!.*QQPQ)/,
    );
  });

  it("never show the key", () => {
    expect(refusal({ ...S3, S3_SECRET_ACCESS_KEY: "very secret" })).toBe(
      "S3_SECRET_ACCESS_KEY must be one word of plain letters, digits and signs.",
    );
  });

  it("are nothing to local mode, from which nothing leaves the machine", () => {
    expect(readConfig(from({ ...SERVICE, ...S3 }), SECRETS).s3).toBeNull();
  });
});

describe("the settings of local mode", () => {
  it("need nothing to be set", () => {
    expect(readConfig(from({}), SECRETS)).toMatchObject({
      local: true,
      domain: "wtmm.test",
      publicUrl: "http://127.0.0.1:8080",
      otherUrls: ["http://localhost:8080"],
      webhookCredentials: [SECRETS.webhookCredential],
      linkKeys: [SECRETS.linkKey],
      postmarkServerToken: "local",
      logLevel: "warn",
    });
  });

  it("hold no secret of a service, so that nothing leaves the machine with it", () => {
    const linkKey = "local-key-0123456789-0123456789-0123456789";
    const config = readConfig(from(SERVICE), { ...SECRETS, linkKey });
    expect(config).toMatchObject({ domain: SERVICE.DOMAIN, linkKeys: [linkKey], postmarkServerToken: "local" });
    expect(config.webhookCredentials).toEqual([SECRETS.webhookCredential]);
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

  it("says of which setting the file can't be read, and not its path, which may be the secret itself", () => {
    expect(() => dataDirOf(from({ DATA_DIR_FILE: "/nowhere" }))).toThrow(
      new ConfigError("DATA_DIR_FILE names a file that can't be read."),
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
