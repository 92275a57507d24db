import { Agent } from "node:http";
import { DatabaseSync } from "node:sqlite";

import { vi } from "vitest";

import { startLocalPostmark, type LocalLetter } from "../adapters/local-postmark.ts";
import { openLog } from "../adapters/log.ts";
import { openMailReader } from "../adapters/mail-reader.ts";
import { listen } from "../adapters/node.ts";
import { openPostmarkMailer } from "../adapters/postmark.ts";
import { startServiceTasks } from "../adapters/tasks.ts";
import type { App } from "../app.ts";
import { unpacked } from "../handlers/packing.ts";
import { handle, routeOf } from "../router.ts";
import { canary, watch } from "./canaries.ts";
import { BREAKS, NEVER_ENDS } from "./canary-mails.ts";
import { ask, type Ask } from "./canary-requests.ts";
import { CREDENTIAL, fakeApp, LINK_KEY, signedIn, type TestPerson } from "./fake-app.ts";
import { keepRequest } from "./gmail-confirmations.ts";

/** What the log was given, one JSON object a line. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** The whole program in this process, with its real log, clock, mail reader, mailer and server, and trouble all around it. */
export type CanaryWorld = {
  readonly app: App;
  readonly jane: TestPerson;
  /** Somebody else who is signed in. */
  readonly joe: TestPerson;
  /** All that was logged so far. */
  text(): string;
  lines(): LogLine[];
  send(request: Ask): ReturnType<typeof ask>;
  readonly port: number;
  /** Answers requests with some of its parts replaced from now on; without any, as it was. */
  change(parts: Partial<App>): void;
  /** Runs all tasks once with those parts instead. */
  runTasks(parts: Partial<App>): { close(): Promise<void> };
  /** The token of the link in the newest letter to that address, when there is one. */
  tokenFor(address: string): Promise<string>;
  close(): Promise<void>;
};

/** The host by which the world is asked. */
const HOST = "wtmm.example.com";
const SLOW_MS = 150;

/** Builds it. Mail that holds `BREAKS` or `NEVER_ENDS` does so to its worker; DNS, Google and some mailboxes fail. */
export async function canaryWorld(): Promise<CanaryWorld> {
  const written: string[] = [];
  const log = openLog("trace", { write: (line) => void written.push(line) });
  const lines = (): LogLine[] => written.map((line) => JSON.parse(line) as LogLine);
  const resolveTxt = async (name: string): Promise<never> => {
    throw Object.assign(new Error(`${name} ${canary("dns")}`), { code: "ESERVFAIL", hostname: name });
  };
  const postmark = await startLocalPostmark({
    domain: HOST,
    now: () => Temporal.Now.instant(),
    log,
    deliver: async () => 503,
    faults: true,
  });
  const mailer = openPostmarkMailer({
    token: canary("postmarktoken"),
    apiUrl: postmark.url,
    from: `info@${HOST}`,
    timeoutMs: 300,
  });
  const readers = openReaders(log, resolveTxt);
  const base = await fakeApp({
    log,
    resolveTxt,
    readMail: readers.read,
    localLetters: () => postmark.letters(),
    confirmForwarding: async (link) => {
      throw new Error(link);
    },
    mailer: {
      send: (letter) => {
        if (letter.to.startsWith("broken@")) throw new TypeError(JSON.stringify(letter));
        return mailer.send(letter);
      },
    },
  });
  // A Monday, when the weekly letters are due.
  base.tick({ hours: 72 });
  [CREDENTIAL.slice(CREDENTIAL.indexOf(":") + 1), LINK_KEY].forEach(watch);
  const [jane, joe] = [await person(base, "jane"), await person(base, "joe")];
  await keepRequest(base.store, { id: canary("request"), accountId: jane.id, at: base.now() });
  brokenLetters(base.file, base.now());

  const clock = startServiceTasks(base, () => {});
  let current: App = clock.app;
  const server = await listen({
    fetch: (request, client) => handle(request, { ...current, client }),
    address: { port: 0, host: "127.0.0.1" },
    trustedProxies: ["127.0.0.1"],
    routeOf,
    log,
    observe: () => {},
  });
  const agent = new Agent({ keepAlive: true });
  return {
    app: clock.app,
    jane,
    joe,
    text: () => written.join(""),
    lines,
    port: server.port,
    send: (request) => ask(request, { port: server.port, host: HOST, agent }),
    change: (parts) => (current = { ...clock.app, ...parts }),
    runTasks: (parts) => startServiceTasks({ ...base, ...parts }, () => {}),
    tokenFor: (address) => vi.waitFor(() => tokenIn(postmark.letters(), address), 10_000),
    async close() {
      agent.destroy();
      await server.stop(0);
      await clock.close();
      await readers.close();
      await postmark.close();
      await base.close();
    },
  };
}

/** The token of the link in the newest of the letters to that address; it and its parts are canaries from then on. */
export function tokenIn(letters: readonly LocalLetter[], address: string): string {
  const letter = letters.find(({ to }) => to === address);
  const token = /\?t=([\w.-]+)/.exec(letter?.text ?? "")?.[1];
  if (token === undefined) throw new Error("There is no letter with a link.");
  for (const part of [token, ...token.split(".")]) if (part.length > 20) watch(part);
  return token;
}

async function person(app: Parameters<typeof signedIn>[0], name: string): Promise<TestPerson> {
  const made = await signedIn(app, `${canary(name)}@example.com`);
  watch(made.cookie.slice(made.cookie.indexOf("=") + 1));
  watch(made.alertAddress.slice(made.alertAddress.indexOf("+") + 1, made.alertAddress.indexOf("@")));
  return made;
}

function openReaders(log: App["log"], resolveTxt: NonNullable<App["resolveTxt"]>) {
  const open = (script?: string, timeLimitMs = 20_000) =>
    openMailReader({
      domain: HOST,
      resolveTxt,
      log,
      timeLimitMs,
      ...(script !== undefined && { script: new URL(`data:text/javascript,${encodeURIComponent(script)}`) }),
    });
  const sick = (harm: string): string => `
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", (message) => { ${harm} });
    parentPort.postMessage("ready");`;
  const well = open();
  const dying = open(sick("throw new Error(Buffer.from(message[0].payload).toString());"));
  const endless = open(sick("for (;;) {}"), SLOW_MS);
  const read: App["readMail"] = (payload, known) => {
    const body = Buffer.from(unpacked(payload, 2 ** 27)).toString();
    return (body.includes(BREAKS) ? dying : body.includes(NEVER_ENDS) ? endless : well).read(payload, known);
  };
  return { read, close: async () => void (await Promise.all([well, dying, endless].map((reader) => reader.close()))) };
}

/** Letters of which nothing can be made. */
function brokenLetters(file: string, at: Temporal.Instant): void {
  const database = new DatabaseSync(file);
  const insert = database.prepare(
    `INSERT INTO letters (id, kind, to_address, details, created_at, next_attempt_at) VALUES (?, ?, ?, ?, 0, ?)`,
  );
  const to = `${canary("letter")}@example.com`;
  insert.run("broken-details", "sample-alert", to, canary("details"), at.epochMilliseconds);
  insert.run("unheard-of", "unheard-of", to, JSON.stringify(canary("details")), at.epochMilliseconds);
  database.close();
}
