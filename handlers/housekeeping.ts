import type { App, Summary } from "../app.ts";

/** Forgets what has run out. */
export async function housekeeping(app: App): Promise<Summary> {
  await app.store.forgetExpired(app.now());
  return { unknownMailsDropped: await app.store.dropUnknownMails(app.now()) };
}
