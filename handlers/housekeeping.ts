import type { App, Summary } from "../app.ts";

/** Forgets what has run out. Where there is no bucket, changes are not kept for one: the first dump will hold them all. */
export async function housekeeping(app: App): Promise<Summary> {
  await app.store.forgetExpired(app.now());
  if (app.journalBucket === null) await app.store.forgetAllChanges();
  return { unknownMailsDropped: await app.store.dropUnknownMails(app.now()) };
}
