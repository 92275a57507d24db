import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import type { Frame, Status } from "./pages/layout.ts";

/** What every page of a signed-in person shows around its own content. */
export async function frameOf(person: Session, app: App, status?: Status): Promise<Frame> {
  return {
    waiting: await app.store.countInReview(person.accountId),
    pairs: await app.store.countOpenLookAlikes(person.accountId),
    status,
  };
}
