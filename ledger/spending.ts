import type { EventKind, MailEvent } from "../parsers/parser.ts";

/** How each kind counts; null when it is no spending, so that the books leave it out. */
const SIGNS: Readonly<Record<EventKind, 1 | -1 | null>> = {
  purchase: 1,
  withdrawal: 1,
  fee: 1,
  refund: -1,
  reversal: -1,
  declined: null,
  transfer: null,
  card_payment: null,
  deposit: null,
  notice: null,
};

/** Whether events of this kind are booked: money that was spent, cash and fees included, or that came back. */
export function isSpending(kind: EventKind): boolean {
  return SIGNS[kind] !== null;
}

/** What the event adds to spending, in minor units of its currency: negative for money that came back, null when it is not booked. */
export function signedAmount(event: Pick<MailEvent, "kind" | "amountMinor">): number | null {
  const sign = SIGNS[event.kind];
  return sign === null ? null : sign * event.amountMinor;
}
