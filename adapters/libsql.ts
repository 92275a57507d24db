import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

import { createClient, LibsqlError, type Client, type InValue, type ResultSet } from "@libsql/client";

import { AppError } from "../errors.ts";

/** One SQL statement; every value is bound by position. */
export type Statement = { readonly sql: string; readonly args?: readonly Value[] };

/** What a column or a parameter may hold. Raw mail is bytes, never text: NUL and bad UTF-8 do not survive TEXT. */
export type Value = string | number | bigint | Uint8Array | null;

/** What one statement of a write did. `rows` holds what RETURNING gave. */
export type Written = { readonly changed: number; readonly rows: readonly Row[] };

/** One row by column name. */
export type Row = Readonly<Record<string, Value | ArrayBuffer>>;

/** What can be asked of a database. */
export type Queries = {
  /** All rows of a query. The type is the caller's promise about its own SQL, which stands beside it. */
  all<T>(sql: string, args?: readonly Value[]): Promise<T[]>;
  /** The first row of a query, or null. */
  one<T>(sql: string, args?: readonly Value[]): Promise<T | null>;
};

/** The database behind the store: http-safe on purpose, so that the same code runs against a libSQL server. */
export type Database = Queries & {
  /** Runs the statements as one atomic batch, on disk when this resolves. Concurrent calls share one batch. */
  write(statements: readonly Statement[]): Promise<readonly Written[]>;
  /** Writes the log back into the file and closes. When it can't be written back, the next to open the file reads it. */
  close(): Promise<void>;
};

type Group = {
  readonly statements: readonly Statement[];
  readonly resolve: (results: readonly Written[]) => void;
  readonly reject: (error: unknown) => void;
};

// A batch runs without a pause on the event loop; beyond this it would hold up requests.
const GROUPS_PER_BATCH = 64;
const BUSY_RETRY_MS = 5_000;

/**
 * Opens a database and sets it up: WAL, every commit synced before it is acknowledged, temporary files instead of memory.
 * One connection, because settings belong to a connection and two writers of one file can lose rows
 * (https://github.com/tursodatabase/libsql/issues/2271).
 *
 * @param url `file:PATH` or the address of a libSQL server
 * @throws LibsqlError when the file can't be opened or is not a database
 */
export async function openDatabase(url: string, authToken?: string): Promise<Database> {
  const isFile = url.startsWith("file:");
  const client = clientAt(url, authToken);
  if (isFile) await setUpFile(client);
  const write = coalesce((statements) => (isFile ? runOnFile(client, statements) : client.batch(statements, "write")));
  return {
    write,
    ...queriesOn(client),
    close: async () => {
      try {
        if (isFile) await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch (error) {
        throw refusalOf(error);
      } finally {
        client.close();
      }
    },
  };
}

/**
 * Opens a database beside who writes it, to read from another thread: what it asks holds nobody up, and it writes nothing.
 *
 * @param url as for `openDatabase`, which somebody has open meanwhile
 */
export async function openReader(url: string, authToken?: string): Promise<Queries & { close(): void }> {
  const client = clientAt(url, authToken);
  if (url.startsWith("file:"))
    for (const pragma of ["query_only = ON", "busy_timeout = 1000", "temp_store = FILE", "trusted_schema = OFF"])
      await client.execute(`PRAGMA ${pragma}`);
  return { ...queriesOn(client), close: () => client.close() };
}

function clientAt(url: string, authToken: string | undefined): Client {
  return createClient({
    url,
    intMode: "number",
    ...(url.startsWith("file:") ? { concurrency: 1 } : {}),
    ...(authToken === undefined ? {} : { authToken }),
  });
}

function queriesOn(client: Client): Queries {
  return {
    all: async <T>(sql: string, args: readonly Value[] = []) => {
      const result = await client.execute({ sql, args: [...args] });
      // The one cast between the driver's rows and the row types that stand beside their queries.
      return rowsOf(result) as T[];
    },
    one: async <T>(sql: string, args: readonly Value[] = []) => {
      const result = await client.execute({ sql, args: [...args] });
      return (rowsOf(result)[0] ?? null) as T | null;
    },
  };
}

async function setUpFile(client: Client): Promise<void> {
  const mode = await client.execute("PRAGMA journal_mode = WAL");
  if (mode.rows[0]?.[0] !== "wal") throw new Error(`The database refused WAL mode: ${String(mode.rows[0]?.[0])}`);
  for (const pragma of [
    // NORMAL acknowledges before the disk has the commit; an acknowledged mail must survive a power cut.
    "synchronous = FULL",
    // The bundled default keeps an index build in memory: 830 MB for ten million rows.
    "temp_store = FILE",
    "cache_size = -16000",
    "journal_size_limit = 67108864",
    // What is written back into the file is written while requests wait: at the default of 1,000 pages up to 80 ms once a second.
    "wal_autocheckpoint = 250",
    "trusted_schema = OFF",
  ]) {
    await client.execute(`PRAGMA ${pragma}`);
  }
  const keys = await client.execute("PRAGMA foreign_keys");
  if (keys.rows[0]?.[0] !== 1) throw new Error("The database does not enforce foreign keys");
}

type BoundStatement = { sql: string; args: InValue[] };

/**
 * One batch on the file. A BEGIN that finds it locked stays half done in the driver until it is collected as garbage, and
 * until then no COMMIT passes beside it. So the lock is asked for first, in a way that leaves nothing behind, and the
 * connection is renewed when somebody took it between the asking and the batch.
 */
async function runOnFile(client: Client, statements: BoundStatement[]): Promise<ResultSet[]> {
  await client.executeMultiple("BEGIN IMMEDIATE; ROLLBACK");
  try {
    return await client.batch(statements, "write");
  } catch (error) {
    if (hasCode(error, "SQLITE_BUSY")) {
      // A read that was begun in this turn would find its connection closed.
      await nextTurn();
      client.reconnect();
      await setUpFile(client);
    }
    throw error;
  }
}

/** Gathers the writes of one turn of the event loop into one batch: one sync to disk for all of them. */
function coalesce(run: (statements: BoundStatement[]) => Promise<ResultSet[]>): Database["write"] {
  const waiting: Group[] = [];
  let armed = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await commit(waiting.splice(0, GROUPS_PER_BATCH));
      // In a file all of it happens without a pause; without this one, a long queue would hold up every request.
      await nextTurn();
    }
    armed = false;
  }

  async function commit(groups: readonly Group[]): Promise<void> {
    try {
      const results = await runPatiently(groups.flatMap((group) => group.statements));
      let next = 0;
      for (const group of groups) group.resolve(results.slice(next, (next += group.statements.length)).map(written));
    } catch (error) {
      // One group's broken constraint must not fail its neighbours; any other fault is everyone's.
      if (groups.length > 1 && hasCode(error, "SQLITE_CONSTRAINT")) {
        for (const group of groups) {
          await commit([group]);
          await nextTurn();
        }
      } else {
        for (const group of groups) group.reject(refusalOf(error));
      }
    }
  }

  async function runPatiently(statements: readonly Statement[]): Promise<ResultSet[]> {
    // Not by the clock on the wall: set back, it would hold a sender that had better come again.
    const deadline = performance.now() + BUSY_RETRY_MS;
    for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 200)) {
      try {
        return await run(statements.map(({ sql, args = [] }) => ({ sql, args: [...args] })));
      } catch (error) {
        // A stranger's lock. The driver's own busy timeout would stop the event loop for as long.
        if (!hasCode(error, "SQLITE_BUSY") || performance.now() > deadline) throw error;
        await pause(waitMs + Math.random() * waitMs);
      }
    }
  }

  return (statements) =>
    new Promise((resolve, reject) => {
      waiting.push({ statements, resolve, reject });
      if (armed) return;
      armed = true;
      setImmediate(() => void drain());
    });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof LibsqlError && error.code.startsWith(code);
}

/** A store that can't be written just now is a refusal that brings the mail back; everything else stays the bug it is. */
function refusalOf(error: unknown): unknown {
  const outages = ["SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"];
  if (!outages.some((code) => hasCode(error, code))) return error;
  return new AppError("unavailable", "The store can't be written right now. Please try again.", { cause: error });
}

function written(result: ResultSet): Written {
  return { changed: result.rowsAffected, rows: rowsOf(result) };
}

function rowsOf(result: ResultSet): Row[] {
  return result.rows.map((row) => Object.fromEntries(result.columns.map((name, index) => [name, row[index] ?? null])));
}
