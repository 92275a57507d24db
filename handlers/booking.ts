import { newToken } from "../access/tokens.ts";
import type { BookedEvent } from "../adapters/libsql-interpretation.ts";
import type { NewPurchase } from "../adapters/libsql-book.ts";
import type { App } from "../app.ts";
import { reconcileEvents } from "../ledger/reconcile-events.ts";
import { isSpending, signedAmount } from "../ledger/spending.ts";
import type { ReadEvent } from "./read-mail.ts";

/** The events of a mail that count as spending. */
export function spendingOf(events: readonly ReadEvent[]): ReadEvent[] {
  return events.filter((event) => isSpending(event.kind));
}

/** The purchases that a mail's events make; an event keeps its place in the mail, so that it is booked once. */
export function purchasesOf(
  events: readonly ReadEvent[],
  owner: Pick<NewPurchase, "accountId" | "mailId" | "institution" | "origin" | "signedBy">,
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

/**
 * The purchases of a mail that is read again, each at the place where it was booked before, and the places that nothing
 * in the mail stands for any more.
 */
export function bookingsAnew(
  booked: readonly BookedEvent[],
  purchases: readonly NewPurchase[],
): { purchases: NewPurchase[]; withdrawn: readonly number[] } {
  if (booked.length === 0) return { purchases: [...purchases], withdrawn: [] };
  const { positions, gone } = reconcileEvents(booked, purchases);
  return {
    purchases: purchases.map((purchase, index) => ({ ...purchase, position: positions[index] ?? purchase.position })),
    withdrawn: gone.filter((position) => booked.some((event) => event.position === position && !event.isSettled)),
  };
}

/** Who the money is known from, when no bank known here wrote the mail. */
export function senderDomain(sender: string): string {
  return /@([^@\s>]+)>?$/.exec(sender)?.[1] ?? "unknown";
}
