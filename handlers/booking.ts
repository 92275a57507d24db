import { newToken } from "../access/tokens.ts";
import type { NewPurchase } from "../adapters/libsql-book.ts";
import type { App } from "../app.ts";
import { isSpending, signedAmount } from "../ledger/spending.ts";
import type { ReadEvent } from "./read-mail.ts";

/** The events of a mail that count as spending. */
export function spendingOf(events: readonly ReadEvent[]): ReadEvent[] {
  return events.filter((event) => isSpending(event.kind));
}

/** The purchases that a mail's events make; an event keeps its place in the mail, so that it is booked once. */
export function purchasesOf(
  events: readonly ReadEvent[],
  owner: Pick<NewPurchase, "accountId" | "mailId" | "institution" | "origin">,
  app: Pick<App, "random" | "now">,
): NewPurchase[] {
  return events.flatMap((event, position) => {
    const amountMinor = signedAmount(event);
    if (amountMinor === null) return [];
    return [
      {
        ...owner,
        id: newToken(app.random, 10),
        position,
        kind: event.kind,
        merchant: event.merchant,
        amountMinor,
        currency: event.currency,
        card: event.card,
        occurredAt: event.occurredAt,
        occurredOn: event.occurredOn,
        words: JSON.stringify(event.words),
        bookedAt: app.now().epochMilliseconds,
      },
    ];
  });
}
