import { createHash } from "node:crypto";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

import { inOneTransaction } from "../adapters/journal/open-quietly.ts";

/**
 * Writes something that people or mails could have caused: new rows, changed ones, such that exchange what only one can have,
 * and deletes that leave a number to the next. What it is follows from the seed and from what is there.
 */
export function writeSomething(database: DatabaseSync, seed: number): void {
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const pick = (sql: string, ...values: SQLInputValue[]) => {
    const rows = database.prepare(sql).all(...values);
    return rows[seed % Math.max(1, rows.length)];
  };
  const name = nameOf(database, seed);
  const account = () => pick("SELECT id FROM accounts ORDER BY id")?.["id"] ?? null;
  const kinds: readonly (() => void)[] = [
    () => {
      run("INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 0)", name);
      run("INSERT INTO addresses VALUES (?, ?, 0, 0)", `${name}@mail.example`, name);
      run("INSERT INTO alert_addresses VALUES (?, ?, 0, NULL)", `token${name}`, name);
    },
    () => addMail(name, account(), run),
    () => addMail(name, account(), run),
    () => run("UPDATE accounts SET time_zone = ?, weekly_letter = NOT weekly_letter WHERE id = ?", name, account()),
    () => {
      const purchase = pick("SELECT id, account_id FROM purchases ORDER BY id");
      if (purchase === undefined) return;
      const { id = null, account_id: owner = null } = purchase;
      run("UPDATE purchases SET amount_minor = ? WHERE id = ?", seed, id);
      const sequence = "(SELECT count(*) FROM amendments WHERE purchase_id = ?3)";
      run(
        `INSERT INTO amendments (id, account_id, purchase_id, sequence, at, merchant, amount_minor, removed)
         VALUES (?, ?, ?, ${sequence}, 0, 'm', 1, 0)`,
        ...[name, owner, id],
      );
    },
    () => {
      const mail = pick("SELECT id FROM mails ORDER BY number")?.["id"] ?? null;
      run("UPDATE purchases SET position = -1 - position WHERE mail_id = ?", mail);
      run("UPDATE purchases SET position = 2 + position WHERE mail_id = ?", mail);
    },
    () => {
      const free = "id NOT IN (SELECT mail_id FROM reading_rules)";
      const mail = pick(`SELECT number, id FROM mails WHERE ${free} ORDER BY number DESC LIMIT 2`);
      const { number = null, id = null } = mail ?? {};
      for (const table of ["mail_payloads", "mail_readings"]) run(`DELETE FROM ${table} WHERE mail_number = ?`, number);
      run("DELETE FROM amendments WHERE purchase_id IN (SELECT id FROM purchases WHERE mail_id = ?)", id);
      run("DELETE FROM purchases WHERE mail_id = ?", id);
      run("DELETE FROM mail_identities WHERE mail_id = ?", id);
      run("DELETE FROM mails WHERE number = ?", number);
    },
    () => run("UPDATE addresses SET proven_at = ? WHERE account_id = ?", seed, account()),
    () => {
      const mail = pick("SELECT id, account_id FROM mails WHERE account_id IS NOT NULL ORDER BY number");
      if (mail === undefined) return;
      const { id = null, account_id: owner = null } = mail;
      run(
        `INSERT INTO reading_rules (id, account_id, sender, form, version, rule, signed, mail_id, created_at)
         VALUES (?, ?, 's', 'f', 1, '{}', 0, ?, 0)`,
        ...[name, owner, id],
      );
      run("UPDATE mails SET rule_id = ? WHERE number = (SELECT max(number) FROM mails)", name);
    },
  ];
  inOneTransaction(database, () => kinds[seed % kinds.length]?.());
}

function addMail(
  name: string,
  account: SQLInputValue,
  run: (sql: string, ...values: SQLInputValue[]) => { lastInsertRowid: number | bigint },
): void {
  if (account === null) return;
  const { lastInsertRowid: number } = run(
    `INSERT INTO mails (id, account_id, route, recipient, received_at, payload_sha256)
     VALUES (?, ?, 'alert', 'r', 0, x'00')`,
    ...[name, account],
  );
  run("INSERT INTO mail_payloads VALUES (?, ?)", number, createHash("sha256").update(name).digest());
  run("INSERT INTO mail_readings VALUES (?, ?)", number, name);
  run("INSERT INTO mail_identities VALUES (?, ?, 'body', ?)", account, name, name);
  for (const position of [0, 1]) {
    run(
      `INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency,
         occurred_at, origin, words, booked_at) VALUES (?, ?, ?, ?, 'i', 'purchase', 'm', 1, 'USD', 0, 'addressed', '{}', 0)`,
      ...[`${name}${"pq"[position]}`, account, name, position],
    );
  }
}

/** A name that was not used in this database, of the letters that ids are made of. */
function nameOf(database: DatabaseSync, seed: number): string {
  const used = Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").get()?.["seq"] ?? 0);
  return `x${used}y${seed}`.replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "");
}
