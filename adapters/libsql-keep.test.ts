import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";

import { migrate } from "../schema/migrate.ts";
import { accountStore } from "./libsql-accounts.ts";
import { keepMails, type Delivery } from "./libsql-keep.ts";
import { openDatabase, type Database } from "./libsql.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");

let directory = "";
let db: Database;
/** Another connection: what it sees is committed. */
let other: Database;
let keep: ReturnType<typeof keepMails>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-keep-"));
  db = await openDatabase(`file:${directory}/test.db`);
  await migrate(db);
  other = await openDatabase(`file:${directory}/test.db`);
  keep = keepMails(db);
});

afterEach(async () => {
  await other.close();
  await db.close();
  rmSync(directory, { recursive: true });
});

it("keeps each body that comes under an id, once, in whatever order and company it comes", async () => {
  const arriving = fc.record({ id: fc.constantFrom("a", "b", "c.d"), body: fc.constantFrom("1", "22", "333") });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(arriving, { maxLength: 8 }), { maxLength: 6 }), async (turns) => {
      await db.write([{ sql: "DELETE FROM mail_payloads" }, { sql: "DELETE FROM mails" }]);
      for (const turn of turns) {
        await Promise.all(turn.map(({ id, body }) => keep(delivery({ id, payload: bytes(body) }))));
      }
      const wanted = new Set(turns.flat().map(({ id, body }) => `${id}=${body}`));
      const found = (await kept()).map(({ id, body }) => `${/^(a|b|c\.d)/.exec(id)?.[0]}=${body}`);
      expect(found.toSorted()).toEqual([...wanted].toSorted());
    }),
    { numRuns: 40 },
  );
});

it("leaves the first body under the id itself", async () => {
  for (const body of ["first", "second", "first", "second", "third"]) await keep(delivery({ payload: bytes(body) }));
  const [first, ...others] = await kept();
  expect(first).toMatchObject({ id: "id", body: "first" });
  expect(others.map(({ body }) => body)).toEqual(["second", "third"]);
  for (const { id } of others) expect(id).toMatch(/^id\.[0-9a-f]{64}$/);
});

it("has committed a delivery, body and all, whenever it says so", async () => {
  const deliveries = Array.from({ length: 150 }, (_, index) =>
    delivery({ id: `id-${index % 100}`, payload: bytes(`body ${index % 120}`) }),
  );
  await Promise.all(
    deliveries.map(async (each) => {
      await keep(each);
      const row = await other.one<{ payload: ArrayBuffer }>(
        `SELECT payload FROM mail_payloads p JOIN mails m ON m.number = p.mail_number
         WHERE m.payload_sha256 = ? AND (m.id = ? OR m.id LIKE ?)`,
        [each.sha256, each.id, `${each.id}.%`],
      );
      expect(new Uint8Array(row?.payload ?? new ArrayBuffer(0))).toEqual(new Uint8Array(each.payload));
    }),
  );
});

it("keeps small and large bodies that come together, byte for byte", async () => {
  const sizes = [1, 3, 1024 * 1024, 1024 * 1024 + 1, 2_500_000, 70_000];
  const bodies = sizes.map((size, index) => new Uint8Array(size).map((_, at) => (at * 31 + index) % 256));
  await Promise.all(bodies.map((payload, index) => keep(delivery({ id: `id-${index}`, payload }))));
  for (const [index, payload] of bodies.entries()) {
    const row = await db.one<{ payload: ArrayBuffer }>(
      "SELECT payload FROM mail_payloads WHERE mail_number = (SELECT number FROM mails WHERE id = ?)",
      [`id-${index}`],
    );
    expect(Buffer.compare(Buffer.from(row?.payload ?? new ArrayBuffer(0)), payload)).toBe(0);
  }
});

it("takes any text for id and recipient, and stays readable", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom("\ud800", "a\udfff", "\0", "a\0b", '"\\', "'; DROP TABLE mails; --", "\u2028"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 10 }), async (pairs) => {
      await Promise.all(pairs.map(([id, recipient], index) => keep(delivery({ id: `${index}${id}`, recipient }))));
      for (const { recipient } of await kept()) expect(recipient.isWellFormed()).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it("finds the account by a live token, and nobody by any other", async () => {
  const account = { id: "jane", timeZone: "UTC", alertToken: "live", address: "jane@example.com", at: AT };
  await accountStore(db).createAccount(account);
  await db.write([{ sql: "INSERT INTO alert_addresses VALUES ('retired', 'jane', 1, 2)" }]);
  const tokens = ["live", "retired", "unknown", "LIVE", null];
  await Promise.all(tokens.map((token) => keep(delivery({ id: `to ${token}`, token }))));
  const rows = await db.all<{ id: string }>("SELECT id, account_id AS account FROM mails WHERE account_id IS NOT NULL");
  expect(rows).toEqual([{ id: "to live", account: "jane" }]);
});

it("refuses all that it can't keep, and takes it when it comes again", async () => {
  await keep(delivery({ id: "before", payload: bytes("before") }));
  const pages = await db.one<{ page_count: number }>("PRAGMA page_count");
  await db.all(`PRAGMA max_page_count = ${pages?.page_count}`);
  const deliveries = [100, 50_000, 2_000_000].map((size) => delivery({ id: `${size}`, payload: new Uint8Array(size) }));
  for (const outcome of await Promise.allSettled(deliveries.map(keep))) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
  }
  expect(await kept()).toHaveLength(1);
  await db.all("PRAGMA max_page_count = 1000000");
  await Promise.all(deliveries.map(keep));
  expect(await kept()).toHaveLength(4);
});

it("holds each of those that come together to its own limits", async () => {
  const account = { id: "jane", timeZone: "UTC", alertToken: "live", address: "jane@example.com", at: AT };
  await accountStore(db).createAccount(account);
  const strict = { mailsPerDay: 1, bytesPerDay: 1_000 };
  const limits = [strict, LIMITS, LIMITS, strict];
  const all = limits.map((each, index) => keep(delivery({ id: `id-${index}`, token: "live", limits: each })));
  expect(await Promise.all(all)).toEqual(["kept", "kept", "kept", "over_limit"]);
});

const LIMITS = { mailsPerDay: 500, bytesPerDay: 200 * 1024 * 1024 };

function delivery(parts: Partial<Delivery>): Delivery {
  const payload = parts.payload ?? bytes("body");
  const sha256 = createHash("sha256").update(payload).digest();
  return { id: "id", route: "alert", token: null, recipient: "", at: AT, limits: LIMITS, ...parts, payload, sha256 };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function kept() {
  const rows = await other.all<{ id: string; recipient: string; payload: ArrayBuffer }>(
    "SELECT m.id, m.recipient, p.payload FROM mails m JOIN mail_payloads p ON p.mail_number = m.number ORDER BY m.number",
  );
  return rows.map(({ payload, ...row }) => ({ ...row, body: Buffer.from(payload).toString() }));
}
