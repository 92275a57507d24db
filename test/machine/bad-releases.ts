import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { ReleaseOrder } from "../../provisioning/release/make-release.ts";
import { OLDEST_PROGRAM, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { addMigration, changeProgram } from "../release-variants.ts";

type Variant = Pick<ReleaseOrder, "patch" | "known">;

/** A release that must not stay, and what the play says of it. */
export type BadRelease = Variant & { readonly says: RegExp };

/** Releases that fail only once they serve; the old one has to be put back. */
export const failsInService: Readonly<Record<string, BadRelease>> = {
  "ends-at-once": { ...whenServing("process.exit(3);"), says: /ended right after its start/ },
  "never-ready": {
    ...whenServing("await new Promise(() => setInterval(() => {}, 1000));"),
    says: /does not serve after 8 s/,
  },
  "answers-503": {
    ...changes(
      "async function servingState(app) {",
      `async function servingState(app) {
      return { ok: false, release: app.release, schema: null, storeWritable: false, reason: "It was built so." };`,
    ),
    says: /does not serve after 8 s: .*It was built so/,
  },
  "eats-memory": {
    ...whenServing("const eaten = []; setInterval(() => eaten.push(new Array(1e6).fill(eaten)), 40);"),
    says: /eats-memory ended (while it was watched|right after its start)/,
  },
};

/** Releases that are not to be tried at all, with what the play says. */
export const failsBefore: Readonly<Record<string, BadRelease>> = {
  "red-doctor": {
    ...changes(
      "async function examine(",
      `async function examine() { console.log("All is red."); return 1; }\nasync function examined(`,
    ),
    says: /finds that it could not serve here[^]*All is red/,
  },
  "cannot-migrate": {
    ...migrates("CREATE TABLE accounts (a INTEGER) STRICT;", OLDEST_PROGRAM),
    says: /can.t use the database[^]*already exists/,
  },
  "slow-migration": {
    ...migrates(
      "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) SELECT max(i) AS i FROM n;",
      OLDEST_PROGRAM,
    ),
    says: /took \d+ ms on a copy of the database, and requests wait no longer than 1000 ms/,
  },
  "no-way-back": {
    ...migrates("CREATE TABLE added (a INTEGER) STRICT;", SCHEMA_VERSION + 1),
    says: /could not be put back/,
  },
  "other-units": {
    patch: (folder) => appendFileSync(join(folder, "units/wtmm.service"), "# Another one.\n"),
    says: /another wtmm\.service than the machine has: run provision\.yml first/,
  },
};

/** Two releases with a migration each: programs of today's schema bear the first one, and not both. */
export const migrating = {
  first: migrates("CREATE TABLE added (a INTEGER) STRICT;", OLDEST_PROGRAM),
  second: {
    patch: (folder) => {
      addMigration(folder, { sql: "CREATE TABLE added (a INTEGER) STRICT;", oldestProgram: OLDEST_PROGRAM });
      addMigration(folder, { sql: "CREATE TABLE more (a INTEGER) STRICT;", oldestProgram: SCHEMA_VERSION + 1 });
    },
    known: { schema: { version: SCHEMA_VERSION + 2, oldestProgram: SCHEMA_VERSION + 1 } },
  },
} satisfies Record<string, Variant>;

function whenServing(code: string): Variant {
  const start = "async function serve(isLocal) {";
  return changes(start, `${start}\n${code}`);
}

function changes(find: string, replacement: string): Variant {
  return { patch: (folder) => changeProgram(folder, find, replacement) };
}

function migrates(sql: string, oldestProgram: number): Variant {
  return {
    patch: (folder) => addMigration(folder, { sql, oldestProgram }),
    known: { schema: { version: SCHEMA_VERSION + 1, oldestProgram } },
  };
}
