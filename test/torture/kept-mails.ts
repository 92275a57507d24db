import { hash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { zstdDecompressSync } from "node:zlib";

/** A mail as the database has it. */
export type KeptMail = {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  /** Of the webhook body that was kept; null when there is none. */
  readonly sha256: string | null;
  /** How many were booked of it. */
  readonly purchases: number;
};

const PATIENCE_MS = 120_000;

/** Looks into a database. The service may run meanwhile. */
export function read<T>(dataDir: string, look: (db: DatabaseSync) => T): T {
  // It neither writes nor checkpoints: two that do could lose rows (https://github.com/tursodatabase/libsql/issues/2271).
  const db = new DatabaseSync(join(dataDir, "wtmm.db"), { readOnly: true, timeout: 5_000 });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

/** Every mail there is. */
export function readMails(dataDir: string): KeptMail[] {
  const sql = `SELECT m.id, m.state, m.reason, p.payload, (SELECT count(*) FROM purchases WHERE mail_id = m.id) AS purchases
               FROM mails m LEFT JOIN mail_payloads p ON p.mail_number = m.number`;
  // One by one: of all payloads together there may be more than memory.
  return read(dataDir, (db) =>
    Array.from(db.prepare(sql).iterate(), (row) => ({
      id: String(row["id"]),
      state: String(row["state"]),
      reason: String(row["reason"]),
      sha256: row["payload"] instanceof Uint8Array ? sha256Of(row["payload"]) : null,
      purchases: Number(row["purchases"]),
    })),
  );
}

/** What SQLite finds wrong with the file, or "ok". */
export function integrityOf(dataDir: string): string[] {
  return read(dataDir, (db) =>
    db
      .prepare("PRAGMA integrity_check")
      .all()
      .map((row) => String(row["integrity_check"])),
  );
}

/** Waits until no mail waits to be interpreted. */
export async function interpreted(dataDir: string, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const waiting = read(dataDir, (db) =>
      Number(db.prepare("SELECT count(*) AS n FROM mails WHERE state = 'waiting'").get()?.["n"]),
    );
    if (waiting === 0) return;
    if (performance.now() > deadline) throw new Error(`${waiting} mails are still not interpreted.`);
    await pause(20);
  }
}

/** Of the webhook body: what is kept is it, or it compressed. */
function sha256Of(payload: Uint8Array): string {
  return hash("sha256", payload[0] === 0x7b ? payload : zstdDecompressSync(payload));
}
