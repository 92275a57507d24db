import type { App } from "../app.ts";

/** Whether this release can take mail. */
export type ServingState = {
  readonly ok: boolean;
  readonly release: string;
  /** The number of the newest migration; null when the store doesn't say. */
  readonly schema: number | null;
  /** Null during maintenance, when nobody tries. */
  readonly storeWritable: boolean | null;
  /** Null, or one sentence: what is wrong. */
  readonly reason: string | null;
};

/**
 * Finds out whether we can serve, by writing to the store. Deploys, rollbacks, the watchdog and `/health` go by this one
 * claim: what only deserves a look is a warning, or a stale dump would put a good release back. Never rejects.
 */
export async function servingState(app: App): Promise<ServingState> {
  const { release } = app;
  try {
    const isTried = app.maintenance() === null;
    if (isTried) await app.store.probe(app.now());
    const storeWritable = isTried ? true : null;
    return { ok: true, release, schema: await app.store.schemaVersion(), storeWritable, reason: null };
  } catch (error) {
    app.log.error({ err: error }, "the store cannot be written");
    const reason = `The database can't be written: ${messageOf(error)}`;
    return { ok: false, release, schema: null, storeWritable: false, reason };
  }
}

/** A refusal is put in words for strangers; what the operator can act on is its cause. */
function messageOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
