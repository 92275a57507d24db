import { jsonRows } from "./json-rows.ts";
import type { Database, Statement } from "./libsql.ts";

/** A delivery as it is kept before it is acknowledged. */
export type Delivery = {
  /** Postmark's MessageID, or the body's hash when the body is not Postmark's JSON. */
  readonly id: string;
  readonly route: "alert" | "shared" | "signup" | "none" | "unreadable";
  /** Token of the alert address, or null. */
  readonly token: string | null;
  readonly recipient: string;
  readonly sha256: Uint8Array;
  /** The webhook body as `packed` made it. */
  readonly payload: Uint8Array;
  readonly at: Temporal.Instant;
  /** It is less than what the webhook brings, which it is never kept beside. */
  readonly isFromArchive?: true;
  /** What is kept of one account's mail in a day (in UTC). Deliveries that share the object are kept together. */
  readonly limits: { readonly mailsPerDay: number; readonly bytesPerDay: number };
};

/** What became of a delivery: it is on disk, or not, because its account has had its mail of the day. */
export type Kept = "kept" | "over_limit";

type Waiting = {
  readonly delivery: Delivery;
  readonly resolve: (kept: Kept) => void;
  readonly reject: (error: unknown) => void;
};

// Their payloads travel as one value: that must stay far below what SQLite takes for one.
const LARGE_PAYLOAD_BYTES = 1024 * 1024;
const GROUP = 64;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Keeps deliveries; on disk when the promise resolves to `kept`. The same delivery again changes nothing. What comes in one turn of
 * the event loop becomes two statements in all, because preparing statements costs more than running them.
 */
export function keepMails(db: Database): (delivery: Delivery) => Promise<Kept> {
  let waiting: Waiting[] = [];

  async function keepTogether(group: readonly Waiting[]): Promise<void> {
    try {
      const [mails] = await db.write(keepStatements(group.map(({ delivery }) => delivery)));
      const areNew = mails?.changed === group.length;
      // Some id was there before, or some account has had its mail. Which one is looked up for each: that is rare.
      for (const { delivery, resolve } of group) resolve(areNew ? "kept" : await keepBeside(db, delivery));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    const small = all.filter(({ delivery }) => delivery.payload.byteLength <= LARGE_PAYLOAD_BYTES);
    for (const each of all) if (!small.includes(each)) void keepTogether([each]);
    // Nearly always the same limits; what is recovered has none.
    for (const alike of Map.groupBy(small, ({ delivery }) => delivery.limits).values()) {
      for (let first = 0; first < alike.length; first += GROUP) void keepTogether(alike.slice(first, first + GROUP));
    }
  }

  return (delivery) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, resolve, reject });
      // One turn more than needed: what arrives in it shares the sync, which costs more than the turn.
      if (waiting.length === 1) setImmediate(() => setImmediate(flush));
    });
}

/** The id is the provider's. Should the webhook ever bring it with another body, that one is kept beside the first. */
async function keepBeside(db: Database, delivery: Delivery): Promise<Kept> {
  const first = await keptHash(db, delivery.id);
  if (first === null) return "over_limit";
  if (delivery.isFromArchive === true || Buffer.compare(first, delivery.sha256) === 0) return "kept";
  const beside = { ...delivery, id: `${delivery.id}.${hex(delivery.sha256)}` };
  await db.write(keepStatements([beside]));
  return (await keptHash(db, beside.id)) === null ? "over_limit" : "kept";
}

async function keptHash(db: Database, id: string): Promise<Uint8Array | null> {
  const kept = await db.one<{ sha256: ArrayBuffer }>("SELECT payload_sha256 AS sha256 FROM mails WHERE id = ?", [id]);
  return kept === null ? null : new Uint8Array(kept.sha256);
}

function keepStatements(deliveries: readonly Delivery[]): Statement[] {
  let offset = 1;
  const list = deliveries.map(({ id, route, token, recipient, sha256, payload, at }) => {
    const place = { offset, length: payload.byteLength };
    offset += payload.byteLength;
    return { id, recipient, route, token, sha256: hex(sha256), at: at.epochMilliseconds, ...place };
  });
  const json = jsonRows(list);
  const limits = deliveries[0]?.limits;
  return [
    {
      sql: `WITH incoming AS (
              SELECT key, value ->> 'id' AS id, value ->> 'sha256' AS sha256, value ->> 'route' AS route,
                value ->> 'recipient' AS recipient, value ->> 'at' AS at, value ->> 'length' AS bytes,
                (SELECT account_id FROM alert_addresses
                 WHERE token = value ->> 'token' AND coalesce(retired_at > value ->> 'at', TRUE)) AS account_id
              FROM json_each(?1)),
            counted AS (
              SELECT *, count(*) OVER so_far AS mails_so_far, sum(bytes) OVER so_far AS bytes_so_far FROM incoming
              WINDOW so_far AS (PARTITION BY account_id ORDER BY key))
            INSERT INTO mails (id, payload_sha256, account_id, route, recipient, received_at, payload_bytes)
            SELECT c.id, unhex(sha256), c.account_id, route, recipient, at, c.bytes
            FROM counted c LEFT JOIN account_days d ON d.account_id = c.account_id AND d.day = at / ${DAY_MS}
            WHERE c.account_id IS NULL OR (mails_so_far + coalesce(d.mails, 0) <= ?2
              AND bytes_so_far + coalesce(d.bytes, 0) <= ?3)
            ON CONFLICT (id) DO NOTHING`,
      args: [json, limits?.mailsPerDay ?? 0, limits?.bytesPerDay ?? 0],
    },
    {
      sql: `INSERT INTO mail_payloads (mail_number, payload)
            SELECT mails.number, substr(?2, value ->> 'offset', value ->> 'length')
            FROM json_each(?1) JOIN mails
              ON mails.id = value ->> 'id' AND mails.payload_sha256 = unhex(value ->> 'sha256')
            WHERE true ON CONFLICT DO NOTHING`,
      args: [json, Buffer.concat(deliveries.map(({ payload }) => payload))],
    },
  ];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
