import { LINK_MINUTES } from "../access/links.ts";
import type { Account } from "../adapters/libsql-accounts.ts";
import type { App } from "../app.ts";
import { mondayOf, weekRange } from "../ledger/days.ts";
import { totals, type Money } from "../ledger/money.ts";
import type { Letter } from "./letters/letter.ts";
import { weeklyLetter } from "./letters/weekly.ts";
import { counts, dayOfPurchase } from "./purchase-rows.ts";

/**
 * The letter about the week that begins with a Monday, as things stand when it is sent. Not needed by an account that
 * wants none any more, or that the address was taken away from.
 *
 * @param link a fresh link to the account's dashboard
 */
export async function composeWeekly(
  { id, timeZone }: Account,
  to: string,
  monday: Temporal.PlainDate,
  link: string,
  app: App,
): Promise<Letter | "not needed"> {
  const isOurs = (await app.store.accountOfAddress(to))?.id === id;
  if (!isOurs || !(await app.store.wantsWeeklyLetter(id))) return "not needed";
  const { from, to: end } = weekRange(monday, timeZone);
  return weeklyLetter({
    monday,
    spent: await spentIn(monday, id, timeZone, app),
    mails: await app.store.countMails(id, from, end),
    waiting: await app.store.countInReview(id),
    link,
    minutes: LINK_MINUTES,
    baseUrl: app.config.publicUrl,
  });
}

async function spentIn(monday: Temporal.PlainDate, accountId: string, timeZone: string, app: App): Promise<Money[]> {
  const { from, to } = weekRange(monday, timeZone);
  const near = await app.store.purchasesBetween(accountId, from, to);
  return totals(near.filter((stored) => counts(stored) && mondayOf(dayOfPurchase(stored, timeZone)).equals(monday)));
}
