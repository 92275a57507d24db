import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { startLocalPostmark } from "../adapters/local-postmark.ts";
import { routes } from "../router.ts";
import { canary, leaksIn, watch } from "./canaries.ts";
import { canaryMails } from "./canary-mails.ts";
import { ask, AUTHORIZED, form, hostileAsks, sendRaw, type Ask } from "./canary-requests.ts";
import { sendBySmtp } from "./canary-smtp.ts";
import { tokenIn } from "./canary-world.ts";
import { CREDENTIAL, LINK_KEY } from "./fake-app.ts";
import { bareEnvironment, buildProgram, dataFolder, endProgram, PROGRAM, runCommand, startProgram } from "./program.ts";

const HOST = "wtmm.example.com";
const JANE = `${canary("jane")}@example.com`;
const NOBODY = `${canary("nobody")}@example.com`;
const SETTINGS = {
  DOMAIN: HOST,
  PORT: "0",
  LOG_LEVEL: "trace",
  TRUSTED_PROXY: "127.0.0.1",
  WEBHOOK_CREDENTIALS: CREDENTIAL,
  LINK_KEYS: LINK_KEY,
  POSTMARK_SERVER_TOKEN: canary("postmarktoken"),
};
/** DNS that fails, and a bug that nothing catches: what stands around the program is changed, not the program. */
const TROUBLE = `
  import { Resolver } from "node:dns/promises";
  Resolver.prototype.resolveTxt = async (name) => { throw Object.assign(new Error(name), { code: "ESERVFAIL" }); };
  const told = ${JSON.stringify(canary("bug"))};
  const bug = () => Object.assign(new RangeError(told, { cause: new TypeError(told) }), { body: told });
  process.on("SIGUSR2", () => { throw bug(); });
  process.on("SIGHUP", () => void Promise.reject(bug()));`;

beforeAll(() => {
  buildProgram();
  [CREDENTIAL.slice(CREDENTIAL.indexOf(":") + 1), LINK_KEY].forEach(watch);
});

describe("what the program prints", () => {
  it.each(["SIGUSR2", "SIGHUP"] as const)("as a service holds nothing of anybody's, up to a bug (%s)", async (bug) => {
    const postmark = await startLocalPostmark({
      domain: HOST,
      deliver: async () => 200,
      now: () => Temporal.Now.instant(),
      log: { warn: () => {} },
      faults: true,
    });
    onTestFinished(() => postmark.close());
    const dataDir = emptyFolder();
    const service = await startService({ DATA_DIR: dataDir, POSTMARK_API_URL: postmark.url });
    const cookie = await signIn(service.send, () => tokenIn(postmark.letters(), JANE));
    const connect = await service.send({ method: "GET", path: "/connect", headers: { cookie } });
    const alertAddress = /alerts\+\w+@wtmm\.example\.com/.exec(connect.text)?.[0] ?? "";
    watch(alertAddress.slice("alerts+".length, alertAddress.indexOf("@")));

    for (const { body } of (await canaryMails(alertAddress, Temporal.Now.instant())).mails) {
      await service.send({ method: "POST", path: "/webhook/inbound", headers: AUTHORIZED, body });
    }
    for (const name of ["401", "406", "503", "page"]) {
      await service.send({
        method: "POST",
        path: "/signup",
        ...form({ email: `${name}@${canary("mailbox")}.example` }),
      });
    }
    await visitEverything(service, cookie);
    await vi.waitFor(() => {
      for (const words of ['"booked":', "letter refused"]) expect(service.text()).toContain(words);
    }, 10_000);
    await command(dataDir);
    quoteInDatabase(dataDir);
    const last = { method: "POST", path: "/webhook/inbound", headers: AUTHORIZED, body: canary("body") };
    expect((await service.send(last)).status).toBe(500);

    const ended = once(service.child, "close");
    service.child.kill(bug);
    expect(await ended).toEqual([1, null]);
    const [lines = "", fault = ""] = service.text().split(/^This is a fault of the program\. /m);
    expect(lines.trim().split("\n").length).toBeGreaterThan(300);
    for (const line of lines.trim().split("\n")) expect(line).toMatch(/^(\{"level":.*\}|Listening on port \d+\.)$/);
    expect(lines).toContain('"code":"SQLITE_CONSTRAINT"');
    expect(fault).toMatch(/type: 'RangeError'[^]*cause: [^]*type: 'TypeError'/);
    expect(leaksIn(service.text())).toEqual([]);
  });

  it("in local mode holds nothing of anybody's beyond its greeting", async () => {
    const program = await startProgram(emptyFolder(), { LOG_LEVEL: "trace" });
    onTestFinished(() => void program.child.kill("SIGKILL"));
    const { port, host } = new URL(program.url);
    await sendBySmtp(program.smtpPort, `${canary("recipient")}@wtmm.test`);
    await visitEverything(toPort(Number(port), host), "session=none");
    await visitEverything(toPort(Number(port), `${canary("otherhost")}.example`), "session=none");
    expect(await endProgram(program, "SIGTERM")).toBe(0);
    const logged = program.output().slice(program.output().indexOf("Ctrl-C."));
    expect(logged).toContain('"route":"/dev/mail.json","status":200');
    expect(leaksIn(logged)).toEqual([]);
  });
});

type Reached = { readonly port: number; send(request: Ask): ReturnType<typeof ask> };

function toPort(port: number, host: string): Reached {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return { port, send: (asked) => ask(asked, { port, host, agent }) };
}

async function startService(env: Record<string, string>) {
  const preloaded = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TROUBLE)}` };
  const child = spawn(process.execPath, [PROGRAM, "serve"], {
    env: { ...bareEnvironment(), ...SETTINGS, ...preloaded, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const port = await vi.waitFor(() => {
    const said = /Listening on port (\d+)/.exec(printed)?.[1];
    if (said === undefined) throw new Error(`It does not listen: ${printed}`);
    return Number(said);
  }, 20_000);
  return { child, text: () => printed, ...toPort(port, HOST) };
}

/** A cookie of Jane's, by the link that she was mailed. */
async function signIn(send: Reached["send"], mailedToken: () => string): Promise<string> {
  await send({ method: "POST", path: "/signup", ...form({ email: JANE }) });
  const t = await vi.waitFor(mailedToken, 10_000);
  const answer = await send({ method: "POST", path: "/sign-in", ...form({ t }) });
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  watch(cookie.slice(cookie.indexOf("=") + 1));
  return cookie;
}

async function visitEverything({ send, port }: Reached, cookie: string): Promise<void> {
  for (const [method, pattern] of routes) {
    await send({ method, path: pattern, headers: { ...form({}).headers, cookie } });
    for (const asked of hostileAsks(method, pattern)) await send({ ...asked, headers: { ...asked.headers, cookie } });
  }
  await sendRaw(port);
}

/** Commands that the service carries out, those that it refuses, and what no command sends. */
async function command(dataDir: string): Promise<void> {
  const mail = join(dataDir, "mail.eml");
  writeFileSync(mail, `From: ${NOBODY}\r\nTo: ${JANE}\r\nSubject: ${canary("subject")}\r\n\r\n${canary("body")}\r\n`);
  const examined = runCommand(["doctor", "--offline"], { ...SETTINGS, DATA_DIR: dataDir });
  expect([examined.stderr, leaksIn(examined.stdout)]).toEqual(["", []]);
  const commands = [
    ["login-link", JANE],
    ["login-link", NOBODY],
    ["feed", "--to", JANE, mail],
    ["feed", "--to", NOBODY, mail],
    ["replay", "--account", NOBODY],
    ["replay", "--account", JANE],
  ];
  expect(commands.map((args) => runCommand(args, { ...SETTINGS, DATA_DIR: dataDir }).code)).toEqual([0, 1, 0, 1, 1, 0]);
  for (const [path, body] of [
    [`/${canary("command")}`, "null"],
    ["/login-link", `{"email":"${NOBODY}`],
    [`/%${canary("command")}`, canary("body")],
  ]) {
    const asked = request({ socketPath: join(dataDir, "control.sock"), method: "POST", path }).end(body);
    await Promise.race([once(asked, "close"), once(asked, "error")]);
  }
}

/** From now on the database refuses mails, and says something private about it. */
function quoteInDatabase(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, "wtmm.db"), { timeout: 5_000 });
  database.exec(`CREATE TRIGGER quoting BEFORE INSERT ON mails BEGIN SELECT RAISE(ABORT, '${canary("row")}'); END`);
  database.close();
}

function emptyFolder(): string {
  const { path, remove } = dataFolder();
  onTestFinished(remove);
  return path;
}
