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
};

type Waiting = {
  readonly delivery: Delivery;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

// Their payloads travel as one value: that must stay far below what SQLite takes for one.
const LARGE_PAYLOAD_BYTES = 1024 * 1024;
const GROUP = 64;

/**
 * Keeps deliveries; on disk when the promise resolves. The same delivery again changes nothing. What comes in one turn of
 * the event loop becomes two statements in all, because preparing statements costs more than running them.
 */
export function keepMails(db: Database): (delivery: Delivery) => Promise<void> {
  let waiting: Waiting[] = [];

  async function keepTogether(group: readonly Waiting[]): Promise<void> {
    try {
      const [mails] = await db.write(keepStatements(group.map(({ delivery }) => delivery)));
      // Some id was there before. Which one, and whether with the same body, is looked up for each: that is rare.
      if (mails?.changed !== group.length) for (const { delivery } of group) await keepBeside(db, delivery);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    const small = all.filter(({ delivery }) => delivery.payload.byteLength <= LARGE_PAYLOAD_BYTES);
    for (const each of all) if (!small.includes(each)) void keepTogether([each]);
    for (let first = 0; first < small.length; first += GROUP) void keepTogether(small.slice(first, first + GROUP));
  }

  return (delivery) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, resolve, reject });
      // One turn more than needed: what arrives in it shares the sync, which costs more than the turn.
      if (waiting.length === 1) setImmediate(() => setImmediate(flush));
    });
}

/** The id is the provider's. Should it ever come with another body, that one is kept beside the first. */
async function keepBeside(db: Database, delivery: Delivery): Promise<void> {
  const kept = await db.one<{ sha256: ArrayBuffer }>("SELECT payload_sha256 AS sha256 FROM mails WHERE id = ?", [
    delivery.id,
  ]);
  if (kept !== null && Buffer.compare(new Uint8Array(kept.sha256), delivery.sha256) === 0) return;
  await db.write(keepStatements([{ ...delivery, id: `${delivery.id}.${hex(delivery.sha256)}` }]));
}

function keepStatements(deliveries: readonly Delivery[]): Statement[] {
  let offset = 1;
  const list = deliveries.map(({ id, route, token, recipient, sha256, payload, at }) => {
    const place = { offset, length: payload.byteLength };
    offset += payload.byteLength;
    // Half of a character would come out of JSON as bytes that are no text, and the driver ends the process on reading them.
    const texts = { id: id.toWellFormed(), recipient: recipient.toWellFormed() };
    return { ...texts, route, token, sha256: hex(sha256), at: at.epochMilliseconds, ...place };
  });
  const json = JSON.stringify(list);
  return [
    {
      sql: `INSERT INTO mails (id, payload_sha256, account_id, route, recipient, received_at)
            SELECT value ->> 'id', unhex(value ->> 'sha256'),
              (SELECT account_id FROM alert_addresses WHERE token = value ->> 'token' AND retired_at IS NULL),
              value ->> 'route', value ->> 'recipient', value ->> 'at'
            FROM json_each(?) WHERE true ON CONFLICT (id) DO NOTHING`,
      args: [json],
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
