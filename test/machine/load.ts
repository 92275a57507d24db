import { randomUUID } from "node:crypto";
import { Agent, type RequestOptions, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { alertMails } from "../torture/alert-mail.ts";

/** Who is asked, and on whose behalf. */
export type LoadTarget = {
  readonly address: string;
  /** The name in the certificate. */
  readonly host: string;
  /** PEM of what signed it. */
  readonly authority: string;
  /** `user:password` of the webhook. */
  readonly credential: string;
  /** Of people who are signed in. */
  readonly cookies: readonly string[];
  readonly alertAddresses: readonly string[];
};

/** One request, as its client saw it. `status` is 0 without an answer, and then `error` says why there was none. */
export type Visit = {
  readonly kind: "dashboard" | "mail";
  readonly connection: "new" | "kept";
  /** On one clock for all loads of a process. */
  readonly sentMs: number;
  readonly ms: number;
  readonly status: number;
  readonly error: string;
};

/** What a load was answered. */
export type LoadReport = {
  /** First tries alone: what failed is sent again until it is acknowledged, as Postmark does. */
  readonly visits: readonly Visit[];
  /** MessageIDs of the mails that were answered 200. */
  readonly acknowledged: readonly string[];
  /** MessageIDs of the mails that were not, however often they came. */
  readonly refused: readonly string[];
  /** For how long at most nothing was answered well. */
  readonly silentMs: number;
  /** For how long at most this process itself was held up, so that everything seemed to take that much longer. */
  readonly heldUpMs: number;
};

export type Load = {
  /** Sends nothing new, and waits for the answers to everything. */
  stop(): Promise<LoadReport>;
};

// Of all loads: each mail is another purchase.
let mailsMade = 0;

type Answer = Pick<Visit, "ms" | "status" | "error">;

const TICK_MS = 5;
// Today, and a day on which the mails of the load have purchases.
const PAGES = ["/dashboard", "/day/2025-04-15"];
// A person gives up sooner, Postmark later.
const TIMEOUT_MS = 70_000;
const RETRY_AFTER_MS = [500, 1_000, 2_000, 4_000, ...Array.from({ length: 12 }, () => 5_000)];
// Shorter than nginx keeps them: a request must not meet the end of its connection.
const IDLE_MS = 30_000;

/**
 * Asks at a steady rate, whether or not there are answers: half dashboards, half alert mails; half of each on new
 * connections, half on kept ones.
 */
export function startLoad(target: LoadTarget, perSecond: number): Load {
  const { address: host, host: servername, authority: ca } = target;
  const options = { host, servername, ca, port: 443, headers: { host: servername } };
  const agents = {
    kept: new Agent({ ...options, keepAlive: true, timeout: IDLE_MS }),
    new: new Agent({ ...options, keepAlive: false }),
  };
  const makeMail = alertMails(target.alertAddresses);
  const visits: Visit[] = [];
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const open = new Set<Promise<void>>();
  const began = performance.now();
  let number = 0;
  let heldUpMs = 0;
  let ticked = began;
  let isOn = true;

  const visitDashboard = async (index: number, connection: Visit["connection"]): Promise<void> => {
    const cookie = target.cookies[index % target.cookies.length] ?? "";
    const sentMs = performance.now();
    const answer = await ask({
      ...options,
      agent: agents[connection],
      path: PAGES[index % PAGES.length] ?? "/",
      headers: { ...options.headers, cookie },
    });
    visits.push({ kind: "dashboard", connection, sentMs, ...answer });
  };

  const sendMail = async (_index: number, connection: Visit["connection"]): Promise<void> => {
    const id = randomUUID();
    const body = makeMail(id, (mailsMade += 1));
    const post = () =>
      ask(
        {
          ...options,
          agent: agents[connection],
          path: "/webhook/inbound",
          method: "POST",
          auth: target.credential,
          headers: { ...options.headers, "content-type": "application/json", "content-length": body.length },
        },
        body,
      );
    const sentMs = performance.now();
    let answer = await post();
    visits.push({ kind: "mail", connection, sentMs, ...answer });
    for (const ms of RETRY_AFTER_MS) {
      if (answer.status === 200) break;
      await pause(ms);
      answer = await post();
    }
    (answer.status === 200 ? acknowledged : refused).push(id);
  };

  const timer = setInterval(() => {
    const now = performance.now();
    heldUpMs = Math.max(heldUpMs, now - ticked - TICK_MS);
    ticked = now;
    for (; isOn && number < ((now - began) / 1_000) * perSecond; number += 1) {
      const visit = (number % 2 === 0 ? visitDashboard : sendMail)(number >> 1, number % 4 < 2 ? "new" : "kept");
      open.add(visit);
      void visit.finally(() => open.delete(visit));
    }
  }, TICK_MS);

  return {
    async stop() {
      const asked = performance.now();
      isOn = false;
      await Promise.all(open);
      clearInterval(timer);
      for (const agent of Object.values(agents)) agent.destroy();
      return { visits, acknowledged, refused, silentMs: longestSilence(visits, began, asked), heldUpMs };
    },
  };
}

/** From one good answer to the next, also before the first one. What comes after the last request was sent counts as well. */
function longestSilence(visits: readonly Visit[], began: number, asked: number): number {
  const answered = visits.filter(({ status }) => status === 200).map(({ sentMs, ms }) => sentMs + ms);
  const moments = [began, ...answered.toSorted((a, b) => a - b), ...(answered.length === 0 ? [asked] : [])];
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? began)));
}

/** Asks once. Rejects never. */
function ask(options: RequestOptions, body: Buffer = Buffer.alloc(0)): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const settle = (status: number, error: string): void => resolve({ ms: performance.now() - started, status, error });
    const asked = request({ ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      response.on("error", (error) => settle(0, error.message));
      response.on("end", () => settle(response.statusCode ?? 0, ""));
      response.resume();
    });
    asked.on("error", (error) => settle(0, error.message));
    asked.end(body);
  });
}
