import { mayBeOneCard } from "./likeness.ts";
import { isRefundMerchant, refundMerchant, type RefundMerchant } from "./refund-merchant.ts";

/** A purchase, or money that came back, as far as the two are compared. */
export type Spent = {
  readonly id: string;
  /** As the mail wrote it. */
  readonly merchant: string;
  /** Positive for a purchase, negative for money that came back. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
};

/** How long after a purchase its money is looked for, in milliseconds: shops take returns for months, disputes run as long. */
export const REFUND_WITHIN_MS = 180 * 86_400_000;
/** How far a date may lie behind what came before it, in milliseconds: it says no time of day, and is of some zone. */
export const REFUND_SLACK_MS = 86_400_000;

/**
 * The one purchase that the money came back for, or null when none fits or it can't be told which. It fits when it came
 * before, in the same currency, at what looks like the same merchant, on the same card where both are known, and when as
 * much of it is left by `refunds` that came earlier. One for exactly as much goes before all that were for more. The order
 * of purchases and refunds changes nothing.
 */
export function refundedBy<P extends Spent>(
  refund: Spent,
  purchases: readonly P[],
  refunds: readonly Spent[] = [],
): P | null {
  const others = refunds.filter(({ id }) => id !== refund.id);
  return linked([...others, refund], purchases).get(refund.id) ?? null;
}

/** The money that came back for a purchase, of all `refunds`; `purchases` are those that it may have come back for instead. */
export function refundsOf<P extends Spent>(purchase: Spent, refunds: readonly P[], purchases: readonly Spent[]): P[] {
  const found = linked(refunds, purchases);
  return refunds.filter(({ id }) => found.get(id)?.id === purchase.id);
}

/** The purchase of each refund that has one. Nothing comes back twice, so each takes from what the earlier ones left. */
function linked<P extends Spent>(refunds: readonly Spent[], purchases: readonly P[]): Map<string, P> {
  const found = new Map<string, P>();
  const leftMinor = new Map(purchases.map(({ id, amountMinor }) => [id, amountMinor]));
  // Years of purchases are at a few merchants, and each name takes long to take apart.
  const merchants = new Map<string, RefundMerchant>();
  const merchantOf = (written: string): RefundMerchant => {
    const merchant = merchants.get(written) ?? refundMerchant(written);
    merchants.set(written, merchant);
    return merchant;
  };
  const earlierFirst = refunds.toSorted((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  for (const refund of earlierFirst) {
    const left = (purchase: P): number => leftMinor.get(purchase.id) ?? 0;
    const purchase = onlyOne(
      refund,
      purchases.filter((one) => left(one) >= -refund.amountMinor && mayBeRefundOf(refund, one, merchantOf)),
    );
    if (purchase === null) continue;
    found.set(refund.id, purchase);
    leftMinor.set(purchase.id, left(purchase) + refund.amountMinor);
  }
  return found;
}

function onlyOne<P extends Spent>(refund: Spent, fitting: readonly P[]): P | null {
  const exact = fitting.filter(({ amountMinor }) => amountMinor === -refund.amountMinor);
  const [first, ...others] = exact.length > 0 ? exact : fitting;
  return others.length === 0 ? (first ?? null) : null;
}

/** Whether the money may have come back for this purchase, were there no others. */
export function mayBeRefundOf(
  refund: Spent,
  purchase: Spent,
  merchantOf: (written: string) => RefundMerchant = refundMerchant,
): boolean {
  const laterMs = refund.occurredAt - purchase.occurredAt;
  const slackMs = refund.occurredOn === null && purchase.occurredOn === null ? 0 : REFUND_SLACK_MS;
  return (
    purchase.id !== refund.id &&
    refund.amountMinor < 0 &&
    purchase.amountMinor > 0 &&
    purchase.amountMinor >= -refund.amountMinor &&
    purchase.currency === refund.currency &&
    laterMs >= -slackMs &&
    laterMs <= REFUND_WITHIN_MS &&
    mayBeOneCard(refund.card, purchase.card) &&
    isRefundMerchant(merchantOf(refund.merchant), merchantOf(purchase.merchant))
  );
}
