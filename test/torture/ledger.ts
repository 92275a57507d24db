import { hash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import type { SeededRandom } from "../adversarial/seeded-random.ts";
import { alertMails } from "./alert-mail.ts";
import { integrityOf, readMails, type KeptMail } from "./kept-mails.ts";
import { AUTHORIZATION } from "./service.ts";

/** What the sender of a mail knows of it: acknowledged with 200, refused with another status, or nothing at all. */
export type Fate = "acknowledged" | "refused" | "unknown";

/** Ids of mails with which something is wrong, and what SQLite finds wrong with the file. */
export type Faults = {
  /** Acknowledged and not kept. */
  readonly lost: readonly string[];
  /** Kept with other bytes than were sent. */
  readonly damaged: readonly string[];
  /** Booked twice. */
  readonly doubled: readonly string[];
  /** Never sent, or kept a second time under another id. */
  readonly strange: readonly string[];
  /** Interpreted, and not booked; with the reason. */
  readonly unbooked: readonly string[];
  readonly integrity: readonly string[];
};

/** The database as it should be. */
export const NO_FAULTS: Faults = {
  lost: [],
  damaged: [],
  doubled: [],
  strange: [],
  unbooked: [],
  integrity: ["ok"],
};

/** Posts a body to the webhook; the status of the answer, or null when there was none. */
export type Transport = (url: string, body: Buffer) => Promise<number | null>;

type Entry = {
  readonly body: () => Buffer;
  readonly sha256: string;
  readonly isAlert: boolean;
  readonly sentAt: number;
  fate: Fate;
};
type Audit = { readonly stored: number; readonly booked: number; readonly faults: Faults };

const HEADERS = { "content-type": "application/json", authorization: AUTHORIZATION };
const AGAIN = 0.2;

/** What was sent and what became of it, as the sender knows it, to be held against what the database knows. */
export type Ledger = ReturnType<typeof openLedger>;

/** Opens a ledger of alerts for an account, or for several in turn. */
export function openLedger(recipients: string | readonly string[], random: SeededRandom) {
  const began = performance.now();
  const alert = alertMails([recipients].flat());
  const entries = new Map<string, Entry>();
  const refusals = new Set<number>();
  const series = random.whole(1, 1e9).toString(36);

  async function deliver(entry: Entry, url: string, body: Buffer, transport: Transport): Promise<Fate> {
    const status = await transport(url, body);
    const fate = status === null ? "unknown" : status === 200 ? "acknowledged" : "refused";
    if (fate === "refused" && status !== null) refusals.add(status);
    // What was acknowledged once must be there, whatever is answered later.
    if (entry.fate !== "acknowledged") entry.fate = fate;
    return fate;
  }

  function send(url: string, how: { readonly transport?: Transport; readonly mail?: (id: string) => Buffer } = {}) {
    const { transport = post, mail } = how;
    const number = entries.size;
    const id = `${series}-${number}`;
    const bodyOf = (): Buffer => mail?.(id) ?? alert(id, number);
    const body = bodyOf();
    const entry: Entry = {
      body: bodyOf,
      sha256: hash("sha256", body),
      isAlert: mail === undefined,
      sentAt: performance.now(),
      fate: "unknown",
    };
    entries.set(id, entry);
    return deliver(entry, url, body, transport);
  }

  return {
    /** Sends one mail: an alert, unless another `mail` is given that is not to be booked. */
    send,

    /** Sends mails over several connections for as long as told. */
    async sendWhile(isOn: () => boolean, url: string, connections = 8): Promise<void> {
      await sideBySide(connections, async () => {
        while (isOn()) if ((await send(url)) === "unknown") await pause(5);
      });
    },

    /** Sends that many mails over several connections; how they fared. */
    async sendMany(count: number, url: string, connections = 8): Promise<Fate[]> {
      const fates: Fate[] = [];
      let left = count;
      await sideBySide(connections, async () => {
        while (left-- > 0) fates.push(await send(url));
      });
      return fates;
    },

    /** Delivers again, as the provider does, until all is acknowledged; and some of what was acknowledged once more. */
    async redeliver(url: string): Promise<void> {
      const due = [...entries.values()].filter(({ fate }) => fate !== "acknowledged" || random.chance(AGAIN));
      await sideBySide(8, async () => {
        for (let entry = due.pop(); entry !== undefined; entry = due.pop()) {
          let fate = await deliver(entry, url, entry.body(), post);
          // Asked to come again, since there are too many large ones just now.
          for (let tries = 0; fate === "refused" && tries < 20; tries += 1) {
            await pause(250);
            fate = await deliver(entry, url, entry.body(), post);
          }
          if (fate !== "acknowledged") throw new Error(`A mail delivered again is ${fate}.`);
        }
      });
    },

    /** Holds the ledger against the database. Reads only, so the service may run. */
    audit(dataDir: string): Audit {
      const rows = readMails(dataDir);
      const stored = new Set(rows.map(({ id }) => id));
      const idsOf = (chosen: readonly KeptMail[]): string[] => chosen.map(({ id }) => id);
      return {
        stored: stored.size,
        booked: rows.filter(({ id, purchases }) => purchases > 0 && entries.get(id)?.isAlert).length,
        faults: {
          lost: [...entries].filter(([id, { fate }]) => fate === "acknowledged" && !stored.has(id)).map(([id]) => id),
          damaged: idsOf(rows.filter((row) => entries.has(row.id) && entries.get(row.id)?.sha256 !== row.sha256)),
          doubled: idsOf(rows.filter(({ purchases }) => purchases > 1)),
          strange: idsOf(rows.filter(({ id }) => !entries.has(id))),
          unbooked: rows
            .filter(({ id, state, purchases }) => state === "done" && purchases === 0 && entries.get(id)?.isAlert)
            .map(({ id, reason }) => `${id}: ${reason}`),
          integrity: integrityOf(dataDir),
        },
      };
    },

    /** When a mail was sent first, by performance.now(). */
    sentAt: (id: string): number => entries.get(id)?.sentAt ?? NaN,

    /** How many were sent, and how they fared. */
    totals() {
      const fates = [...entries.values()].map(({ fate }) => fate);
      const count = (wanted: Fate): number => fates.filter((fate) => fate === wanted).length;
      return {
        sent: fates.length,
        alerts: [...entries.values()].filter(({ isAlert }) => isAlert).length,
        acknowledged: count("acknowledged"),
        refused: count("refused"),
        unknown: count("unknown"),
        /** The statuses of all refusals. */
        refusals: [...refusals],
        seconds: (performance.now() - began) / 1000,
      };
    },
  };
}

/** The status of the answer, or null when there was none. */
async function post(url: string, body: Buffer): Promise<number | null> {
  try {
    const response = await fetch(`${url}/webhook/inbound`, {
      method: "POST",
      headers: HEADERS,
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

async function sideBySide(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}
