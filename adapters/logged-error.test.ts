import { createClient } from "@libsql/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { loggedError } from "./logged-error.ts";

const HERE = "adapters/logged-error.test.ts";

describe("an error in the log", () => {
  it("tells its class, its code and where it was thrown, and the same of its causes", () => {
    const cause = Object.assign(new TypeError("jane@example.com"), { code: "ERR_INVALID_URL", input: "jane" });
    expect(loggedError(new AppError("unavailable", "Jane can't be reached.", { cause }))).toEqual({
      type: "AppError",
      code: "unavailable",
      stack: expect.arrayContaining([expect.stringContaining(HERE)]),
      cause: {
        type: "TypeError",
        code: "ERR_INVALID_URL",
        stack: expect.arrayContaining([expect.stringContaining(HERE)]),
      },
    });
  });

  it("does not show what a parser quotes", () => {
    expect(textOf(thrownBy(() => JSON.parse("jane@example.com")))).not.toContain("jane");
  });

  it("never shows a message, wherever its lines break and whatever they imitate", () => {
    const line = fc.constantFrom("Error: ", "    at ", "jane", "file:///jane.ts:1:1", " (", ")", "\n", "TypeError", "");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (parts) => {
        expect(textOf(new TypeError(parts.join("")))).not.toContain("jane");
      }),
    );
  });

  it("shows no frames when its message was changed afterwards, since the old one may imitate them", () => {
    const error = new Error("\n    at jane (file:///jane.ts:1:1)");
    const { stack } = error;
    Object.assign(error, { message: "changed", stack });
    expect(loggedError(error)).toEqual({ type: "Error", stack: [] });
  });

  it("has names and codes of letters alone", () => {
    const error = Object.assign(new Error("x"), { name: "jane@example.com", code: "jane@example.com" });
    expect(loggedError(error)).toEqual({ type: "Error", stack: expect.any(Array) });
  });

  it("of what is no error tells the type", () => {
    expect(["jane", { jane: 1 }, undefined].map(loggedError)).toEqual(
      ["string", "object", "undefined"].map((type) => ({ type, stack: [] })),
    );
  });

  it("comes to an end when its causes go round in a circle", () => {
    const error = new Error("x");
    error.cause = error;
    expect(textOf(error).length).toBeLessThan(10_000);
  });
});

describe("the database's own words", () => {
  it.each([
    ["INSERT INTO people VALUES (1, ?)", "jane", "SQLITE_CONSTRAINT: UNIQUE constraint failed: people.id"],
    [
      "INSERT INTO people VALUES (2, ?)",
      "jane@example.com",
      "SQLITE_CONSTRAINT: CHECK constraint failed: length(name) < 9",
    ],
    ["INSERT INTO people VALUES (2, ?)", null, "SQLITE_CONSTRAINT: NOT NULL constraint failed: people.name"],
    ["INSERT INTO cards VALUES (?)", 7391, "SQLITE_CONSTRAINT: FOREIGN KEY constraint failed"],
    ["INSERT INTO notes VALUES (?)", "jane", "SQLITE_CONSTRAINT: cannot store TEXT value in INTEGER column notes.id"],
    ["SELECT * FROM nobody WHERE name = ?", "jane", "SQLITE_ERROR: no such table: nobody"],
  ])("are told of %s", async (sql, value, says) => {
    expect(await faultOf(sql, value)).toMatchObject({ type: "LibsqlError", says });
  });

  it.each(["SELECT json_extract('{}', ?)", "SELECT * FROM json_each(?)"])(
    "are not told where they quote a value or may: %s",
    async (sql) => {
      const fault = await faultOf(sql, "jane@example.com");
      expect(fault).toMatchObject({ type: "LibsqlError", code: "SQLITE_ERROR" });
      expect(JSON.stringify(fault)).not.toContain("jane");
      expect(fault).not.toHaveProperty("says");
    },
  );
});

function textOf(error: unknown): string {
  return JSON.stringify(loggedError(error));
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

async function faultOf(sql: string, value: string | number | null) {
  const client = createClient({ url: "file::memory:" });
  await client.executeMultiple(`
    PRAGMA foreign_keys = ON;
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (length(name) < 9)) STRICT;
    CREATE TABLE cards (person INTEGER REFERENCES people (id)) STRICT;
    CREATE TABLE notes (id INTEGER) STRICT;
    INSERT INTO people VALUES (1, 'joe');`);
  const fault: unknown = await client.execute({ sql, args: [value] }).catch((error: unknown) => error);
  client.close();
  return loggedError(fault);
}
