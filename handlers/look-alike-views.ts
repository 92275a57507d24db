import type { LookAlikeRow, ToldPurchase } from "../adapters/libsql-look-alikes.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { merchantNamesOf, type MerchantNames } from "./merchant-names.ts";
import type { LookAlikeView } from "./pages/look-alike.ts";
import type { MailView } from "./pages/mail-text.ts";
import { pageRow, zoned } from "./purchase-rows.ts";
import { readingFrom, wordsFrom } from "./stored-reading.ts";

/** Proposals as pages show them, with the purchases and the mails of each. */
export async function lookAlikeViews(
  rows: readonly LookAlikeRow[],
  app: App,
  { accountId, timeZone }: Session,
): Promise<LookAlikeView[]> {
  const ids = rows.flatMap((row) => [row.first, row.second, row.firstCounted, row.secondCounted]);
  const told = ids.length === 0 ? [] : await app.store.toldPurchases(accountId, [...new Set(ids)]);
  const byId = new Map(told.map((purchase) => [purchase.id, purchase]));
  const names = await merchantNamesOf(app, accountId);
  return rows.map((row) => viewOf(row, byId, timeZone, names));
}

/** The mail of a purchase, with the words that were read. */
export function mailViewOf(told: ToldPurchase, timeZone: string): MailView {
  return {
    from: told.sender,
    subject: told.subject,
    date: zoned(told.mailDate ?? told.receivedAt, timeZone),
    lines: readingFrom(told.reading).lines,
    words: wordsFrom(told.words),
  };
}

function viewOf(
  row: LookAlikeRow,
  byId: ReadonlyMap<string, ToldPurchase>,
  timeZone: string,
  names: MerchantNames,
): LookAlikeView {
  const { id, reason, decision, undoable } = row;
  const sides = [
    [row.first, row.firstCounted],
    [row.second, row.secondCounted],
  ] as const;
  return {
    id,
    reason,
    undoable,
    state: decision,
    obstacle: obstacleOf(row),
    choices: row.mayBeJoined === 1 ? choicesOf(row, byId) : [],
    sides: sides.flatMap(([own, counted]) => {
      const [told, countedAs] = [byId.get(own), byId.get(counted)];
      if (told === undefined || countedAs === undefined) return [];
      return [
        {
          purchase: pageRow(told, timeZone, names),
          mail: mailViewOf(told, timeZone),
          countedAs: own === counted ? null : pageRow(countedAs, timeZone, names),
        },
      ];
    }),
  };
}

function obstacleOf({ decision, mayBeJoined, firstCounted, secondCounted }: LookAlikeRow): string | null {
  if (mayBeJoined === 1 || decision === "joined") return null;
  return firstCounted === secondCounted
    ? "They are counted as one already, by what you said of others."
    : "One of them is in no total, so there is nothing to join.";
}

/** Where the later mail mends the earlier one's amount, the later amount is the likelier one. */
function choicesOf({ why, firstCounted, secondCounted }: LookAlikeRow, byId: ReadonlyMap<string, ToldPurchase>) {
  const told = [firstCounted, secondCounted].flatMap((id) => byId.get(id) ?? []);
  const choices = (isLaterBetter(why) ? told.toReversed() : told).map(({ id, amountMinor, currency }) => ({
    keep: id,
    amount: { amountMinor, currency },
  }));
  const isOneAmount = new Set(choices.map(({ amount }) => `${amount.amountMinor} ${amount.currency}`)).size === 1;
  return isOneAmount ? choices.slice(0, 1) : choices;
}

function isLaterBetter(why: LookAlikeRow["why"]): boolean {
  switch (why) {
    case "tip":
    case "hold":
    case "updated":
    case "confirmed":
      return true;
    case "same":
    case "wallet":
      return false;
  }
}
