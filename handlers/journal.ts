import type { WaitingChanges } from "../adapters/libsql-journal.ts";
import type { Erasure } from "../adapters/journal/erased-keys.ts";
import type { App, Summary } from "../app.ts";

/**
 * Uploads what changed since the last time, in order, until nothing waits. Nothing is forgotten before it is kept outside:
 * after a crash, or an answer that got lost, it is uploaded once more. It gives way to requests. Does nothing where there is
 * no bucket, and for a while after the bucket failed.
 */
export async function journal(app: App): Promise<Summary> {
  const { journalBucket: bucket, store, stopping, release, giveWay } = app;
  if (bucket === null || !bucket.isReady()) return {};
  const timeline = await store.timeline(app.now(), app.random);
  let uploaded = 0;
  while (!stopping.aborted) {
    await giveWay();
    const waiting = await store.waitingChanges(giveWay);
    if (waiting === null) break;
    const { schema, from, to, changes, isAll } = waiting;
    // Before the segment: a restore that finds the one without the other must not bring anybody back.
    for (const erasure of erasuresIn(waiting)) if (!(await bucket.keepErasure(erasure, stopping))) return { uploaded };
    const segment = { format: 1, release, at: app.now(), schema, timeline, from, to, changes } as const;
    if (!(await bucket.keepSegment(segment, stopping))) break;
    await store.forgetChanges(to);
    uploaded += changes.length;
    if (isAll) break;
  }
  return { uploaded };
}

function erasuresIn({ changes }: WaitingChanges): Erasure[] {
  return changes.flatMap(({ table, key, row }) =>
    table === "erased_accounts" && row !== null
      ? [{ accountId: String(key[0]), erasedAt: Temporal.Instant.fromEpochMilliseconds(Number(row["erased_at"])) }]
      : [],
  );
}
