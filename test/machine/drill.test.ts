import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { S3Client } from "@aws-sdk/client-s3";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { readDrillRecord } from "../../adapters/dumps/drill-record.ts";
import { namesOfKept } from "../../adapters/dumps/one-dump-identity.ts";
import {
  bareEnvironment,
  buildProgram,
  dataFolder,
  endProgram,
  PROGRAM,
  startProgram,
  type Program,
} from "../program.ts";
import { SERVICE } from "../service-config.ts";
import { startStorage, type Storage } from "./storage.ts";
import { startProxy, type TcpProxy } from "./tcp-proxy.ts";

const MEGABYTE = 1_000_000;

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

describe("wtmm drill at a real S3 service", () => {
  let storage: Storage;
  let owner: S3Client;
  let proxy: TcpProxy;
  let program: Program;
  let recipient: string;
  let identity: string;
  const data = dataFolder();
  const ops = dataFolder();
  const dumps = () => join(data.path, "dumps");
  const opsCopy = () => join(ops.path, "copy.db");

  beforeAll(async () => {
    buildProgram();
    storage = await startStorage();
    owner = await storage.makeBucket();
    proxy = await startProxy(storage.settings("owner").endpoint);
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
    program = await startProgram(data.path);
    fill(join(data.path, "wtmm.db"), 20 * MEGABYTE);
  });
  beforeEach(async () => {
    proxy.set({});
    if (existsSync(dumps()) && namesOfKept(dumps()).length > 0) return;
    const { code, stderr } = await ran("dump");
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(async () => {
    if (program !== undefined) await endProgram(program, "SIGTERM");
    proxy?.close();
    owner?.destroy();
    data.remove();
    ops.remove();
    await storage?.remove();
  });

  it("proves the newest dump beside the running service, and nothing on the machine opens any dump after that", async () => {
    expect(await opensNewest()).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await ran("drill");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\d+ rows of the live database were compared.*\nA sign-in and a dashboard worked\.\n.*ops/);
    expect(readDrillRecord(data.path)).toMatchObject({
      state: "done",
      proven: { dump: expect.stringMatching(/^(daily|monthly)\//) },
    });
    expect(namesOfKept(dumps())).toEqual([]);
    expect(await opensNewest()).toMatchObject({ code: 1 });
    expect(readdirSync(ops.path)).toEqual(["copy.db"]);
    expect(countIn(opsCopy(), "purchases")).toBeGreaterThan(5);
    expect(() => countIn(opsCopy(), "sessions")).toThrow("no such table");
  });

  it("does so on another machine, with the operator's key", async () => {
    const elsewhere = dataFolder();
    const identityFile = join(elsewhere.path, "dumps.key");
    writeFileSync(identityFile, `${identity}\n`);
    const change = { DATA_DIR: join(elsewhere.path, "data"), DUMP_IDENTITY_FILE: identityFile, OPS_COPY: "" };
    const { code, stdout } = await ran("drill", change, Object.keys(SERVICE));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/would bring everything back/) });
    elsewhere.remove();
  });

  const refusals: [string, Record<string, string>, RegExp][] = [
    ["the secret is wrong", { S3_SECRET_ACCESS_KEY: "wrong" }, /SignatureDoesNotMatch/],
    ["nobody listens", { S3_ENDPOINT: "http://127.0.0.1:9" }, /can't be reached \(ECONNREFUSED\)/],
    ["no bucket is named", { S3_BUCKET: "", S3_ENDPOINT: "" }, /^(No bucket is set\.|S3_ENDPOINT is not set)/],
    ["the copy for ops has no place", { OPS_COPY: "/nowhere/copy.db" }, /^The copy for ops can't be made in \/nowhere/],
  ];
  it.each(refusals)("fails, says why, and leaves all as it was when %s", async (_, change, says) => {
    await leavesWhatWasProven(async () => {
      const { code, stderr } = await ran("drill", change);
      expect({ code, says: stderr.trim() }).toEqual({ code: 1, says: expect.stringMatching(says) });
      expect(stderr.trim().split("\n")).toHaveLength(1);
    });
  });

  it("fails when the dump comes back changed, and takes it as it is later", async () => {
    await leavesWhatWasProven(async () => {
      proxy.set({ flipAfter: 5 * MEGABYTE });
      const { code, stderr } = await ran("drill");
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/ is damaged: .*wtmm dumps/) });
    });
    proxy.set({});
    expect(await ran("drill")).toMatchObject({ code: 0, stderr: "" });
  });

  it("fails when the disk has no room, and says how much it needs", async () => {
    const small = dataFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=110m", "tmpfs", small.path]);
    try {
      mkdirSync(join(small.path, "dumps"));
      const [name] = namesOfKept(dumps());
      for (const file of [`one-dump-${name}.key`]) copyFileSync(join(dumps(), file), join(small.path, "dumps", file));
      const { code, stderr } = await ran("drill", { DATA_DIR: small.path, DATABASE_URL: `file:${data.path}/wtmm.db` });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^There is no room for the drill: it needs \d+ MB .*, and \d+ MB are free\./),
      });
      expect(existsSync(join(small.path, "drill"))).toBe(false);
    } finally {
      execFileSync("umount", [small.path]);
      small.remove();
    }
  });

  it("cleans up and says so when it is told to stop at any moment", async () => {
    for (const moment of [60, 250, "Every byte", "It is restored", "rows of"]) {
      await leavesWhatWasProven(async () => {
        const { child, ended } = started("drill");
        if (typeof moment === "string") await untilSaid(child.stdout, moment);
        // The program has begun to listen once it says in the record that a drill runs.
        else await untilRunning(moment);
        child.kill("SIGTERM");
        expect(await ended).toMatchObject({ code: 1, stderr: "The drill was interrupted.\n" });
        expect(readDrillRecord(data.path)).toMatchObject({ reason: "The drill was interrupted." });
      });
    }
  });

  it("leaves nothing that looks proven when it is killed at any moment, and the next one cleans up", async () => {
    const moments: readonly (number | string)[] = [
      0,
      20,
      60,
      120,
      250,
      "Every byte",
      "It is restored",
      "rows of",
      "A sign-in",
    ];
    for (const moment of moments) {
      await leavesWhatWasProven(async () => {
        const { child, ended } = started("drill");
        if (typeof moment === "string") await untilSaid(child.stdout, moment);
        else await new Promise((resolve) => setTimeout(resolve, moment));
        child.kill("SIGKILL");
        await ended;
      }, "killed");
    }
    expect(await ran("drill")).toMatchObject({ code: 0, stderr: "" });
    expect(readDrillRecord(data.path)).toMatchObject({ state: "done" });
    expect([existsSync(join(data.path, "drill")), readdirSync(ops.path)]).toEqual([false, ["copy.db"]]);
  });

  function started(command: string, change: Record<string, string> = {}, without: readonly string[] = []) {
    const { bucket, prefix, accessKeyId, secretAccessKey } = storage.settings("machine");
    const env: Record<string, string> = {
      ...SERVICE,
      ...bareEnvironment(),
      ...{ DATA_DIR: data.path, OPS_COPY: opsCopy(), DUMP_RECIPIENT: recipient },
      ...{ S3_ENDPOINT: proxy.url, S3_BUCKET: bucket, S3_PREFIX: prefix, S3_FORCE_PATH_STYLE: "true" },
      ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
      ...change,
    };
    for (const name of without) delete env[name];
    const child = spawn(process.execPath, [PROGRAM, ...command.split(" ")], { env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    return { child, ended: once(child, "close").then((): Ended => ({ code: child.exitCode, stdout, stderr })) };
  }

  const ran = (command: string, change?: Record<string, string>, without?: readonly string[]): Promise<Ended> =>
    started(command, change, without).ended;

  async function untilRunning(thenMs: number): Promise<void> {
    while (readDrillRecord(data.path)?.state !== "running") await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, thenMs));
  }

  /** Whether what lies in the data folder opens the newest dump. */
  async function opensNewest(): Promise<Ended> {
    const to = dataFolder();
    const [name = "none"] = namesOfKept(dumps());
    const ended = await ran(`restore latest --to ${to.path}`, {
      DUMP_IDENTITY_FILE: join(dumps(), `one-dump-${name}.key`),
    });
    to.remove();
    return ended;
  }

  async function leavesWhatWasProven(work: () => Promise<void>, how: "failed" | "killed" = "failed"): Promise<void> {
    const [before, kept, copy] = [readDrillRecord(data.path)?.proven, namesOfKept(dumps()), readFileSync(opsCopy())];
    await work();
    expect(readDrillRecord(data.path)?.proven).toEqual(before);
    expect(namesOfKept(dumps())).toEqual(kept);
    expect(readFileSync(opsCopy()).equals(copy)).toBe(true);
    if (how === "killed") return;
    expect(readDrillRecord(data.path)).toMatchObject({ state: "failed", reason: expect.anything() });
    expect([existsSync(join(data.path, "drill")), readdirSync(ops.path)]).toEqual([false, ["copy.db"]]);
  }
});

function untilSaid(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    stream.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes(words)) resolve();
    });
    stream.once("close", () => resolve());
  });
}

function countIn(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"]);
  } finally {
    database.close();
  }
}

/** Bytes that do not compress, so that a restore takes its time. Another writer than the service may do this in a test alone. */
function fill(file: string, bytes: number): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec("PRAGMA wal_autocheckpoint = 0; CREATE TABLE filler (bytes BLOB NOT NULL) STRICT; BEGIN IMMEDIATE");
  const insert = database.prepare("INSERT INTO filler (bytes) VALUES (randomblob(100000))");
  for (let filled = 0; filled < bytes; filled += 100_000) insert.run();
  database.exec("COMMIT");
  database.close();
}
