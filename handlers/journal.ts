import type { App, Summary } from "../app.ts";

/**
 * Uploads what changed since the last time, in order, until nothing waits. Nothing is forgotten before it is kept outside:
 * after a crash, or an answer that got lost, it is uploaded once more. Does nothing where there is no bucket, and for a while
 * after the bucket failed.
 */
export async function journal(app: App): Promise<Summary> {
  const { journalBucket: bucket, store, stopping } = app;
  if (bucket === null || !bucket.isReady()) return {};
  const timeline = await store.timeline(app.now(), app.random);
  let uploaded = 0;
  while (!stopping.aborted && (await store.hasChanges())) {
    const part = await app.sealChanges(timeline, stopping);
    if (part === null) break;
    for (const object of part.objects) if (!(await bucket.keep(object, stopping))) return { uploaded };
    await store.forgetChanges(part.to);
    uploaded += part.changes;
    if (part.isAll) break;
  }
  return { uploaded };
}
