import type { Cursor, PurchaseSearch } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { dayRange, parseDay } from "../ledger/days.ts";
import { page } from "./answers.ts";
import { frameOf } from "./frame.ts";
import { merchantNamesOf, writtenLike } from "./merchant-names.ts";
import { purchasesPage } from "./pages/purchases.ts";
import { pageRow } from "./purchase-rows.ts";

const PAGE_SIZE = 50;
const LONGEST_SEARCH = 100;

/** `GET /purchases?q=&from=&to=&before=`: all purchases, or those that a search finds, newest first. */
export async function purchases(request: Request, app: App, person: Session): Promise<Response> {
  const { accountId, timeZone } = person;
  const { searchParams } = new URL(request.url);
  const typed = {
    q: (searchParams.get("q") ?? "").trim().slice(0, LONGEST_SEARCH),
    from: (searchParams.get("from") ?? "").trim(),
    to: (searchParams.get("to") ?? "").trim(),
  };
  const names = await merchantNamesOf(app, accountId);
  const written = typed.q === "" ? [] : writtenLike(typed.q, await app.store.writtenMerchants(accountId), names);
  const search = { ...searchOf(typed, timeZone), written };
  const before = cursorOf(searchParams.get("before"));
  const found = await app.store.searchPurchases(accountId, search, before, PAGE_SIZE + 1);
  const shown = found.slice(0, PAGE_SIZE);
  const last = shown.at(-1);
  const isWrong = (text: string): string | undefined =>
    text !== "" && parseDay(text) === null ? "A day looks like 2026-11-17." : undefined;
  return page(
    purchasesPage({
      frame: await frameOf(person, app),
      search: typed,
      errors: { from: isWrong(typed.from), to: isWrong(typed.to) },
      purchases: shown.map((stored) => pageRow(stored, timeZone, names)),
      totals: await app.store.searchTotals(accountId, search),
      older: found.length > PAGE_SIZE && last !== undefined ? `${last.occurredAt}.${last.id}` : null,
      isLaterPage: before !== null,
    }),
    (isWrong(typed.from) ?? isWrong(typed.to)) ? 400 : 200,
  );
}

function searchOf(typed: { q: string; from: string; to: string }, timeZone: string): PurchaseSearch {
  const from = parseDay(typed.from);
  const to = parseDay(typed.to);
  return {
    text: typed.q === "" ? null : typed.q,
    from: from && { day: from.toString(), at: dayRange(from, timeZone).from.epochMilliseconds },
    to: to && { day: to.toString(), at: dayRange(to, timeZone).to.epochMilliseconds },
  };
}

/** What is not a place in the list is the list's beginning. */
function cursorOf(text: string | null): Cursor | null {
  const match = /^(-?\d{1,15})\.([a-z2-7]{1,32})$/.exec(text ?? "");
  return match === null ? null : { occurredAt: Number(match[1]), id: match[2] ?? "" };
}
