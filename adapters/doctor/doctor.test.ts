import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { SERVICE } from "../../test/service-config.ts";
import { localSecrets } from "../local-secrets.ts";
import { doctor } from "./doctor.ts";
import { findingsOf, type Check } from "./finding.ts";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "wtmm-doctor-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const well = (name: string, of: "machine" | "outside"): Check => ({
  name,
  of,
  look: async () => [findingsOf(name).green("Well.")],
});
const broken: Check = {
  name: "broken",
  of: "machine",
  look: async () => {
    throw new Error("It broke.", { cause: new Error("a bug") });
  },
};

type Asked = { env?: Record<string, string>; isLocal?: boolean; isOffline?: boolean; checks?: Check[] };

function examine({ env = SERVICE, isLocal = false, isOffline = false, checks = [] }: Asked, limitMs?: number) {
  const source = { env: { DATA_DIR: dataDir, ...env }, readFile: () => null };
  return doctor({ source, isLocal, isOffline }, checks, limitMs);
}

/** What was found, without what stands about the settings. */
async function found(asked: Asked, limitMs?: number): Promise<string[]> {
  const findings = await examine(asked, limitMs);
  return findings.filter(({ check }) => check !== "settings").map(({ check, state }) => `${check} ${state}`);
}

describe("the doctor", () => {
  it("asks this machine first, then everybody outside", async () => {
    const checks = [well("net", "outside"), broken, well("machine", "machine")];
    expect(await found({ checks })).toEqual(["broken red", "machine green", "net green"]);
    const [finding] = (await examine({ checks })).filter(({ check }) => check === "broken");
    expect(finding?.says).toBe("This could not be looked at: It broke.: a bug");
  });

  it("waits for no check longer than its time, and tells it to stop", async () => {
    let wasStopped = false;
    const silent: Check = {
      name: "silent",
      of: "outside",
      look: (_config, signal) => {
        signal.addEventListener("abort", () => (wasStopped = true));
        return new Promise(() => {});
      },
    };
    expect(await found({ checks: [silent, well("net", "outside")] }, 20)).toEqual(["silent red", "net green"]);
    expect(wasStopped).toBe(true);
  });

  it("leaves out what is outside when it is told to, and says so", async () => {
    const checks = [well("machine", "machine"), { ...broken, of: "outside" } as const];
    expect(await found({ checks, isOffline: true })).toEqual(["machine green", "the rest green"]);
  });

  it("looks at this machine although a setting is wrong, and at nothing when it is not known where that is", async () => {
    const checks = [well("machine", "machine"), well("net", "outside")];
    expect(await found({ checks, env: {} })).toEqual(["machine green", "the rest yellow"]);
    expect(await found({ checks, env: { DATABASE_URL: "nowhere" } })).toEqual(["the rest yellow"]);
  });

  it("finds a local installation by itself, which needs nothing outside", async () => {
    localSecrets(dataDir);
    expect(await found({ checks: [well("net", "outside")], env: {} })).toEqual(["the rest green"]);
    // The settings of a service count for more.
    expect(await found({ checks: [well("net", "outside")] })).toEqual(["net green"]);
  });

  it("begins no installation", async () => {
    const missing = join(dataDir, "data");
    const source = { env: { DATA_DIR: missing }, readFile: () => null };
    for (const isLocal of [true, false]) await doctor({ source, isLocal, isOffline: true });
    expect(existsSync(missing)).toBe(false);
    await examine({ isLocal: true, env: {} });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it("repeats no secret that somebody else does", async () => {
    const secrets = [
      SERVICE.LINK_KEYS,
      SERVICE.POSTMARK_SERVER_TOKEN,
      SERVICE.WEBHOOK_CREDENTIALS,
      "the-key-of-a-bucket",
    ];
    const env = {
      ...SERVICE,
      S3_ENDPOINT: "http://127.0.0.1:9",
      S3_BUCKET: "dumps",
      S3_ACCESS_KEY_ID: "dumps",
      S3_SECRET_ACCESS_KEY: "the-key-of-a-bucket",
    };
    const password = SERVICE.WEBHOOK_CREDENTIALS.slice(SERVICE.WEBHOOK_CREDENTIALS.indexOf(":") + 1);
    const indiscreet: Check = {
      name: "indiscreet",
      of: "outside",
      look: async () => [findingsOf("indiscreet").red([...secrets, password].join(" "), secrets.join(" "))],
    };
    const said = JSON.stringify(await examine({ env, checks: [indiscreet] }));
    for (const secret of [...secrets, password]) expect(said).not.toContain(secret);
    expect(said).toContain("[secret]");
  });
});

describe("the settings", () => {
  const about = async (asked: Asked) => {
    const findings = await examine(asked);
    return findings.filter(({ check }) => check === "settings").map(({ state, says }) => `${state}: ${says}`);
  };

  it("of a service are told", async () => {
    expect(await about({})).toEqual([
      "green: A service for mail to wtmm.example.com, at https://wtmm.example.com; anyone may sign up (SIGNUP=open).",
      "yellow: Nobody is told when the service needs a person.",
    ]);
    const other = {
      WEBHOOK_CREDENTIALS: "one:12345678 two:12345678",
      OPERATOR_EMAIL: "ops@example.com",
      SIGNUP: "closed",
    };
    expect(await about({ env: { ...SERVICE, ...other, LINK_KEYS: `${SERVICE.LINK_KEYS} ${"x".repeat(40)}` } })).toEqual(
      [
        expect.stringContaining("only those who have an account get in (SIGNUP=closed)."),
        "green: 2 LINK_KEYS: the first signs, all verify.",
        "green: 2 WEBHOOK_CREDENTIALS: each lets Postmark in.",
        "green: ops@example.com is told when the service needs a person.",
      ],
    );
  });

  it("that can't be used are red, with the sentence that would stop the start", async () => {
    expect(await about({ env: {} })).toEqual(["red: DOMAIN is not set. It must be the domain that mail arrives at."]);
    expect(await about({ env: { ...SERVICE, PORT: "http" } })).toEqual([
      "red: PORT is not a port between 0 and 65535: http",
    ]);
  });

  it("of a local installation are told, also before its first start and when they are damaged", async () => {
    expect(await about({ env: {}, isLocal: true })).toEqual([
      `green: Nothing is installed in ${dataDir} yet; the first start (npm start) does it.`,
    ]);
    localSecrets(dataDir);
    expect(await about({ env: {} })).toEqual([`green: A local installation in ${dataDir}.`]);
    writeFileSync(join(dataDir, "secrets.json"), "{}");
    expect(await about({ env: {} })).toEqual([expect.stringMatching(/^red: .*secrets\.json is damaged\. Delete it/)]);
  });
});
