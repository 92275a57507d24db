import { inspect } from "node:util";

import { createClient } from "@libsql/client";
import * as v from "valibot";

import type { Store } from "../adapters/libsql-store.ts";
import { AppError } from "../errors.ts";

/** Makes the fault of one call out of all that it was told. */
export type Fault = (told: string) => unknown;

/**
 * The store with every call failing, with one fault after another; each tells all that the call was given.
 *
 * @param spared calls that work nevertheless
 */
export function faultyStore(store: Store, faults: readonly Fault[], spared: readonly string[]): Store {
  let calls = 0;
  return new Proxy(store, {
    get: (target, name, receiver): unknown =>
      spared.includes(String(name))
        ? Reflect.get(target, name, receiver)
        : async (...told: unknown[]) => {
            throw faults[calls++ % faults.length]?.(inspect(told, { depth: null, maxStringLength: 10_000 }));
          },
  });
}

/** Faults that quote the secret or what the call was told: our own, those of libraries, and the driver's own about a real file. */
export async function talkativeFaults(secret: string): Promise<Fault[]> {
  const fromDriver = await driverFaults(secret);
  return [
    (told) =>
      Object.assign(new Error(told, { cause: new TypeError(told) }), { input: told, request: { body: secret } }),
    (told) => new AppError("unavailable", told, { cause: new Error(secret) }),
    (told) => new AggregateError([new Error(told)], secret),
    (told) =>
      Object.assign(new Error(secret), {
        name: secret,
        code: secret,
        stack: `${secret}\n    at ${told} (file:///x:1:1)`,
      }),
    (told) => told,
    () => thrownBy(() => JSON.parse(secret)),
    () => thrownBy(() => v.parse(v.object({ address: v.literal("none") }), { address: secret })),
    () => thrownBy(() => new Headers({ authorization: `${secret}\n${secret}` })),
    () => thrownBy(() => new URL(secret)),
    ...fromDriver.map((error) => () => error),
  ];
}

async function driverFaults(secret: string): Promise<unknown[]> {
  const client = createClient({ url: "file::memory:" });
  await client.executeMultiple(
    "CREATE TABLE kept (id TEXT PRIMARY KEY CHECK (length(id) < 1000), number INTEGER NOT NULL) STRICT",
  );
  await client.execute({ sql: "INSERT INTO kept VALUES (?, 1)", args: [secret] });
  const wrong = [
    ["INSERT INTO kept VALUES (?, 1)", secret],
    ["INSERT INTO kept VALUES (?, 1)", secret.repeat(1_000)],
    ["INSERT INTO kept VALUES (1, ?)", secret],
    ["SELECT json_extract('{}', ?)", secret],
    ["SELECT * FROM json_each(?)", secret],
  ] as const;
  const faults: unknown[] = [];
  for (const [sql, arg] of wrong)
    faults.push(await client.execute({ sql, args: [arg] }).catch((error: unknown) => error));
  client.close();
  return faults;
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
