import { formatMoney } from "../ledger/money.ts";
import type { ReadEvent } from "./read-mail.ts";

const merchant = "Sample Coffee Shop";
const money = { amountMinor: 425, currency: "USD" };

/** What a sample alert tells of: the letter says it, and the purchase that it becomes shows it. */
export const SAMPLE = { merchant, money } as const;

/** The event of a sample alert that came at this time (milliseconds since 1970). */
export function sampleEvent(at: number): ReadEvent {
  return {
    ...money,
    kind: "purchase",
    merchant,
    card: null,
    occurredAt: at,
    occurredOn: null,
    confidence: 1,
    words: { amount: formatMoney(money), merchant, occurred: "" },
  };
}
