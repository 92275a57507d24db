import { execFile } from "node:child_process";
import type { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

import * as v from "valibot";

import { OLDEST_PROGRAM_SQL, refusalOfNewer, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { databaseFileOf, openToRead } from "../database-file.ts";
import { schemaIn } from "../database-schema.ts";
import { findingsOf, type MachineCheck, type Finding, type Place } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, yellow, red } = findingsOf("database");

/** Less than a check may take. A database of some gigabytes takes longer, which is no fault of it. */
const LOOK_THROUGH_MS = 4_000;

/** In a process of its own, because nothing else can break off a query: every page, and whether every reference leads somewhere. */
const LOOK_THROUGH = `
  const { DatabaseSync } = require("node:sqlite");
  const faults = (database) => {
    const pages = database.prepare("PRAGMA quick_check(3)").all().map((row) => row.quick_check);
    if (pages.join() !== "ok") return pages;
    const lost = database.prepare("PRAGMA foreign_key_check").all().slice(0, 3);
    return lost.map((row) => "a row of " + row.table + " refers to none of " + row.parent);
  };
  let found = [];
  try { found = faults(new DatabaseSync(process.argv[1], { readOnly: true })); }
  catch (error) { found = [error.message]; }
  console.log(JSON.stringify(found));`;
const faultsFound = v.array(v.string());

const RESTORE =
  "Stop the service, keep the file with its -wal and -shm as they are, and put back the last good copy: see docs/operations.md.";

/** Whether the database can be opened, is whole, and has a schema that this release can use. Only reads it. */
export function checkDatabase(lookThroughMs = LOOK_THROUGH_MS): MachineCheck {
  return {
    name: "database",
    of: "machine",
    async look(place, signal) {
      const file = databaseFileOf(place.databaseUrl);
      return file === null ? [await onServer(place)] : inFile(file, lookThroughMs, signal);
    },
  };
}

async function inFile(file: string, lookThroughMs: number, signal: AbortSignal): Promise<Finding[]> {
  try {
    const database = openToRead(file);
    if (database === null) return [green(`There is none in ${file} yet; the first start makes it.`)];
    try {
      return [...inUse(database), await wholeness(file, lookThroughMs, signal)];
    } finally {
      database.close();
    }
  } catch (error) {
    return [red(`${file} can't be read: ${reasonOf(error)}.`, RESTORE)];
  }
}

function inUse(database: DatabaseSync): Finding[] {
  const { version, refusal } = schemaIn(database, SCHEMA_VERSION);
  const mode = database.prepare("PRAGMA journal_mode").get()?.["journal_mode"];
  return [
    schemaFinding(version, refusal),
    // An empty file and a copy that was put back are switched by the next start.
    ...(mode === "wal" || version === 0
      ? []
      : [yellow(`It does not write ahead (journal_mode is ${String(mode)}).`, "Start the service, which sets it.")]),
  ];
}

function schemaFinding(version: number, refusal: string | null): Finding {
  if (version === SCHEMA_VERSION) return green(`It has schema ${version}, which this release uses.`);
  if (version < SCHEMA_VERSION) {
    return green(`It has schema ${version}; this release brings it to ${SCHEMA_VERSION} when it starts.`);
  }
  if (refusal === null) return green(`It has schema ${version}, newer than this release, which can use it.`);
  return red(refusal, "Deploy the release that was there before, or a newer one.");
}

async function wholeness(file: string, limitMs: number, signal: AbortSignal): Promise<Finding> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", LOOK_THROUGH, file], {
      signal: limited,
      killSignal: "SIGKILL",
    });
    const faults = v.parse(faultsFound, JSON.parse(stdout));
    return faults.length === 0 ? green("It is whole.") : red(`It is damaged: ${inOneLine(faults)}.`, RESTORE);
  } catch (error) {
    const byHand = `sqlite3 -readonly ${file} 'PRAGMA quick_check'`;
    if (!limited.aborted) return red(`It could not be looked through (${codeOf(error)}).`, `Try it by hand: ${byHand}`);
    return yellow(`It is too large to be looked through within ${limitMs / 1000} s.`, `When there is time: ${byHand}`);
  }
}

/** SQLite puts a heading over what it found in the pages. */
function inOneLine(faults: readonly string[]): string {
  return faults.map((fault) => fault.replace(/^\*{3}.*\*{3}\n/, "").replaceAll("\n", "; ")).join("; ");
}

/** Its message is the whole of what was run. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : reasonOf(error);
}

async function onServer({ databaseUrl, databaseAuthToken }: Place): Promise<Finding> {
  const { openDatabase } = await import("../libsql.ts");
  const { schemaVersionOf } = await import("../../schema/version.ts");
  const db = await openDatabase(databaseUrl, databaseAuthToken ?? undefined);
  try {
    const version = await schemaVersionOf(db);
    const row = version > SCHEMA_VERSION ? await db.one<{ oldestProgram: number }>(OLDEST_PROGRAM_SQL) : null;
    return schemaFinding(version, refusalOfNewer(version, row?.oldestProgram ?? null, SCHEMA_VERSION));
  } catch (error) {
    return red(
      `${databaseUrl} does not answer: ${reasonOf(error)}.`,
      "Look at the server, DATABASE_URL and DATABASE_AUTH_TOKEN.",
    );
  } finally {
    await db.close();
  }
}
