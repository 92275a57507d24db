import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { dayOf, weekRange } from "../ledger/days.ts";
import type { Accounting } from "./pages/accounting.ts";

/** How the account's mails of this week and of the last, in its own zone, are accounted for. */
export async function accountingOf({ accountId, timeZone }: Session, app: App): Promise<Accounting> {
  const today = dayOf(app.now(), timeZone);
  const countsOf = (day: Temporal.PlainDate) => {
    const { from, to } = weekRange(day, timeZone);
    return app.store.countMails(accountId, from, to);
  };
  return { thisWeek: await countsOf(today), lastWeek: await countsOf(today.subtract({ weeks: 1 })) };
}
