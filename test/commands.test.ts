import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { SCHEMA_VERSION } from "../schema/migrate.ts";
import { takeLock } from "../adapters/instance-lock.ts";
import { dumpShelf, putDump } from "./dump-shelf.ts";
import { buildProgram, dataFolder, endProgram, runCommand, startProgram, type Program } from "./program.ts";

const CHASE = new URL("./mails/chase-card-2022.eml", import.meta.url).pathname;
const SERVICE = {
  DOMAIN: "wtmm.example.com",
  WEBHOOK_CREDENTIALS: "postmark:correct-horse",
  LINK_KEYS: "first-key-0123456789-0123456789-0123456789",
  POSTMARK_SERVER_TOKEN: "token",
};

let data: ReturnType<typeof dataFolder>;

beforeAll(buildProgram);

describe("while a service runs", () => {
  let program: Program;

  beforeAll(async () => {
    data = dataFolder();
    program = await startProgram(data.path);
  });
  afterAll(async () => {
    await endProgram(program, "SIGKILL");
    data.remove();
  });

  it("serve --local has said where everything is, and warns of nothing", async () => {
    const lines = program.output().trim().split("\n");
    expect(lines).toEqual([
      `Who Took My Money runs at   ${program.url}`,
      `Letters that it would send  ${program.url}/dev/mail`,
      `Mail comes in by SMTP on    127.0.0.1:${program.smtpPort}`,
      `Its data is in              ${data.path}`,
      "",
      "Look around in a demonstration account (this link works once, for 30 minutes):",
      expect.stringMatching(new RegExp(`^${program.url}/sign-in\\?t=[\\w.-]+$`)),
      "",
      "Stop it with Ctrl-C.",
    ]);
    expect((await fetch(`${program.url}/up`)).status).toBe(200);
  });

  it("a second serve on its folder ends at once and names the pid", () => {
    for (const [args, env] of [
      [["serve", "--local"], {}],
      [["serve"], SERVICE],
    ] as const) {
      const { code, stdout, stderr } = runCommand(args, { DATA_DIR: data.path, PORT: "0", SMTP_PORT: "0", ...env });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(`Another wtmm (pid ${program.child.pid}) is using ${data.path}.\n`);
    }
  });

  it("feed tells what its clock made of each mail", async () => {
    const link = runCommand(["login-link", "jane@example.com"], { DATA_DIR: data.path });
    expect(link).toEqual({ code: 0, stdout: expect.stringMatching(/^http:\S+\/sign-in\?t=\S+\n$/), stderr: "" });
    const fed = runCommand(["feed", "--to", "jane@example.com", CHASE, CHASE], { DATA_DIR: data.path });
    expect(fed).toEqual({
      code: 0,
      stdout: `${CHASE}: booked\n${CHASE}: duplicate: This mail came before.\n`,
      stderr: "",
    });
  });

  it("export-sample and rules read what it keeps", async () => {
    const here = { DATA_DIR: data.path };
    const link = runCommand(["login-link", "jane@example.com"], here).stdout.trim();
    const t = new URL(link).searchParams.get("t") ?? "";
    const headers = { origin: program.url };
    const signedIn = await fetch(link, {
      method: "POST",
      body: new URLSearchParams({ t }),
      headers,
      redirect: "manual",
    });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const listed = await (await fetch(`${program.url}/mails`, { headers: { cookie } })).text();
    const [, id = ""] = /Its id: <code>([^<]+)<\/code>/.exec(listed) ?? [];
    const sample = runCommand(["export-sample", id], here);
    expect([sample.code, sample.stderr]).toEqual([0, ""]);
    expect(sample.stdout).toMatch(
      /^=== card-2021\nFrom: Chase <no\.reply\.alerts@chase\.com>\nSubject: .+\nDate: .+\n\n</,
    );
    expect(sample.stdout).not.toContain("63.83");
    const rules = runCommand(["rules"], here);
    expect(rules).toEqual({ code: 0, stdout: "There is no reading rule in use.\n", stderr: "" });
  });

  it("recover has nobody to ask", () => {
    const says = "Local mode has no archive: nobody outside keeps its mails, so none can be asked for.\n";
    expect(runCommand(["recover"], { DATA_DIR: data.path })).toEqual({ code: 1, stdout: "", stderr: says });
  });

  it("maintenance has it rest at once, and after a restart, until it is told otherwise", async () => {
    const here = { DATA_DIR: data.path };
    const paths = ["/", "/dev/mail", "/up", "/health", "/style.css"];
    const statuses = () => Promise.all(paths.map(async (path) => (await fetch(program.url + path)).status));
    expect(runCommand(["maintenance", "status"], here).stdout).toBe("Maintenance is off.\n");
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
    const says = /^Maintenance is on since (\S+Z) and ends by itself at (\S+Z)\.\n$/;
    const on = runCommand(["maintenance", "on"], here);
    expect(on).toEqual({ code: 0, stdout: expect.stringMatching(says), stderr: "" });
    const [, since = "", until = ""] = says.exec(on.stdout) ?? [];
    expect(Date.parse(until) - Date.parse(since)).toBe(8 * 3_600_000);
    expect(await statuses()).toEqual([503, 503, 200, 200, 200]);
    await endProgram(program, "SIGKILL");
    program = await startProgram(data.path);
    expect(await statuses()).toEqual([503, 503, 200, 200, 200]);
    expect(runCommand(["maintenance", "status"], here)).toEqual(on);
    const off = runCommand(["maintenance", "off"], here);
    expect(off).toEqual({ code: 0, stdout: "Maintenance is off.\n", stderr: "" });
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  });

  it("doctor finds it well, and hinders nothing", () => {
    const { code, stdout, stderr } = runCommand(["doctor"], { DATA_DIR: data.path });
    expect([code, stderr]).toEqual([0, ""]);
    const found = stdout.split("\n").filter((line) => !line.includes("root"));
    expect(found).toEqual(
      expect.arrayContaining([
        `green   settings     A local installation in ${data.path}.`,
        expect.stringMatching(/^green {3}database {5}It has schema \d+, which this release uses\.$/),
        "green   database     It is whole.",
        expect.stringMatching(/^\d+ green, [01] yellow, 0 red\.$/),
      ]),
    );
  });

  it("answers nobody who calls it by another site's name", async () => {
    const asked = request(`${program.url}/dev/mail`, { headers: { host: "evil.example" } }).end();
    const [answer] = await once(asked, "response");
    answer.resume();
    expect(answer.statusCode).toBe(421);
  });

  it("migrate leaves its database alone, and can be rehearsed beside it", () => {
    const here = { DATA_DIR: data.path };
    expect(runCommand(["migrate"], here)).toEqual({
      code: 1,
      stdout: "",
      stderr: `Another wtmm (pid ${program.child.pid}) is using ${data.path}.\n`,
    });
    const rehearsed = runCommand(["migrate", "--rehearse"], here);
    expect(rehearsed).toEqual({ code: 0, stdout: "There is nothing to migrate.\n", stderr: "" });
  });

  it("restore leaves its folder alone, and puts a dump into another", async () => {
    const shelf = await dumpShelf();
    onTestFinished(() => shelf.remove());
    const dump = shelf.path((await putDump(shelf)).key);
    const key = { DUMP_IDENTITY_FILE: shelf.path("dumps.key") };
    writeFileSync(key.DUMP_IDENTITY_FILE, shelf.identity);
    expect(runCommand(["restore", dump, "--to", data.path], key)).toMatchObject({
      code: 1,
      stderr: `Another wtmm (pid ${program.child.pid}) is using ${data.path}. Stop it first (systemctl stop wtmm.socket wtmm.service), then move its database away.\n`,
    });
    const elsewhere = join(shelf.folder, "restored");
    const restored = runCommand(["restore", dump, "--to", elsewhere], key);
    expect(restored).toMatchObject({ code: 0, stderr: "" });
    expect(restored.stdout).toContain(`${elsewhere}/wtmm.db is in place.\n`);
    expect(runCommand(["restore", dump, "--to", elsewhere]).stderr).toMatch(/a restore overwrites nothing\./);
    const unkeyed = runCommand(["restore", dump, "--to", `${elsewhere}-too`]);
    expect([unkeyed.code, unkeyed.stderr]).toEqual([1, expect.stringMatching(/^Dumps are sealed\. Name the file /)]);
  });

  it("ends with 0 when it is told to stop, and leaves nothing that blocks", async () => {
    expect(await endProgram(program, "SIGTERM")).toBe(0);
    expect(program.output().trim().endsWith("Stop it with Ctrl-C.")).toBe(true);
    expect(readdirSync(data.path).sort()).toEqual(["lock", "secrets.json", "wtmm.db"]);
  });
});

describe("while no service runs", () => {
  beforeEach(() => {
    data = dataFolder();
  });
  afterEach(() => data.remove());

  it("feed understands the mails itself", () => {
    const here = { DATA_DIR: data.path };
    expect(runCommand(["login-link", "--local", "jane@example.com"], here).code).toBe(0);
    // From now on the folder says what it is.
    const fed = runCommand(["feed", CHASE, CHASE], here);
    expect(fed).toEqual({
      code: 0,
      stdout: `${CHASE}: booked\n${CHASE}: duplicate: This mail came before.\n`,
      stderr: "",
    });
  });

  it.each([
    ["login-link", "jane@example.com"],
    ["feed", CHASE],
  ])("%s begins no installation by mistake", (...command) => {
    const missing = join(data.path, "data");
    const { code, stdout, stderr } = runCommand(command, { DATA_DIR: missing, DOMAIN: "wtmm.example.com" });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `Nothing is installed in ${missing} yet: begin with serve --local, or set DATA_DIR (and for a service all its settings) to where it is.\n`,
    );
    expect(existsSync(missing)).toBe(false);
  });

  it("migrate brings the database to this release's schema, and its rehearsal does not", () => {
    const here = { DATA_DIR: data.path, LOG_LEVEL: "silent", ...SERVICE };
    expect(runCommand(["migrate", "--rehearse"], here).stdout).toBe("There is nothing to migrate.\n");
    expect(readdirSync(data.path)).toEqual([]);
    const { code, stdout } = runCommand(["migrate"], here);
    expect([code, stdout]).toEqual([0, `The database has schema ${SCHEMA_VERSION}, which this release uses.\n`]);
  });

  it("maintenance is begun and ended all the same, and needs no store", () => {
    const here = { DATA_DIR: data.path };
    writeFileSync(join(data.path, "wtmm.db"), "not a database");
    expect(runCommand(["maintenance", "on"], here).stdout).toMatch(/^Maintenance is on since /);
    expect(runCommand(["maintenance", "status"], here).stdout).toMatch(/^Maintenance is on since /);
    expect(runCommand(["maintenance", "off"], here).stdout).toBe("Maintenance is off.\n");
    expect(runCommand(["maintenance", "status"], here).stdout).toBe("Maintenance is off.\n");
  });

  it("maintenance is left alone while something else holds the folder, or when there is none", () => {
    const lock = takeLock(join(data.path, "lock"));
    expect(runCommand(["maintenance", "on"], { DATA_DIR: data.path })).toEqual({
      code: 1,
      stdout: "",
      stderr: `Another wtmm (pid ${process.pid}) is using ${data.path}.\n`,
    });
    lock.release();
    const missing = join(data.path, "data");
    const { code, stderr } = runCommand(["maintenance", "on"], { DATA_DIR: missing });
    expect([code, stderr]).toEqual([1, `There is no folder ${missing}. Set DATA_DIR to the one of the service.\n`]);
    expect(existsSync(missing)).toBe(false);
  });

  it("doctor ends with 1 when something is red, and with 0 before the first start of a service that is well", () => {
    const missing = join(data.path, "data");
    const unset = runCommand(["doctor", "--offline"], { DATA_DIR: missing });
    expect(unset).toMatchObject({ code: 1, stderr: "" });
    expect(unset.stdout).toMatch(/^red {5}settings {5}DOMAIN is not set\. /);
    const set = runCommand(["doctor", "--offline"], { DATA_DIR: missing, ...SERVICE });
    expect(set).toMatchObject({ code: 0, stderr: "" });
    expect(set.stdout).toContain("There is none in ");
    expect(existsSync(missing)).toBe(false);
  });

  it("the settings of a service count for more than what local mode left in the folder", () => {
    expect(runCommand(["login-link", "--local", "jane@example.com"], { DATA_DIR: data.path }).code).toBe(0);
    const inService = { DATA_DIR: data.path, LOG_LEVEL: "silent", ...SERVICE };
    // A local one would make the account.
    expect(runCommand(["login-link", "joe@example.com"], inService)).toEqual({
      code: 1,
      stdout: "",
      stderr: "Nobody has signed up with joe@example.com.\n",
    });
    const link = runCommand(["login-link", "jane@example.com"], inService);
    expect(link.stdout).toMatch(/^https:\/\/wtmm\.example\.com\/sign-in\?t=\S+\n$/);
    const { LINK_KEYS: _none, ...incomplete } = inService;
    expect(runCommand(["login-link", "jane@example.com"], incomplete).stderr).toMatch(/^LINK_KEYS is not set\./);
  });

  it("feed vouches for no signature in a service", () => {
    expect(runCommand(["login-link", "--local", "jane@example.com"], { DATA_DIR: data.path }).code).toBe(0);
    const inService = { DATA_DIR: data.path, LOG_LEVEL: "silent", ...SERVICE };
    const { code, stdout } = runCommand(["feed", "--to", "jane@example.com", CHASE], inService);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(": review: The bank signs its mails, and this one is not signed."),
    ]);
  });
});

describe("LOG_LEVEL", () => {
  beforeEach(() => {
    data = dataFolder();
  });
  afterEach(() => data.remove());

  it("lets the log be heard, one JSON object a line", async () => {
    const program = await startProgram(data.path, { LOG_LEVEL: "info" });
    await fetch(`${program.url}/up`);
    expect(await endProgram(program, "SIGTERM")).toBe(0);
    const logged = program
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ msg: "request", method: "GET", route: "/up", status: 200 }),
    );
  });

  it("stops the start when there is no such level", () => {
    const { code, stderr } = runCommand(["serve", "--local"], { DATA_DIR: data.path, LOG_LEVEL: "loud" });
    expect([code, stderr]).toEqual([
      1,
      "LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not loud.\n",
    ]);
  });
});
