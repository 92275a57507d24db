import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { REFUND_SLACK_MS, REFUND_WITHIN_MS, refundedBy, refundsOf, type Spent } from "../ledger/refund-link.ts";

/** The purchase that a refund gave money back for, or the refunds of a purchase; none of what counts nowhere. */
export async function refundLinksOf(
  stored: StoredPurchase,
  app: App,
  { accountId }: Session,
): Promise<{ readonly refundOf: StoredPurchase | null; readonly refunds: readonly StoredPurchase[] }> {
  if (stored.removed === 1 || stored.origin === "sample") return { refundOf: null, refunds: [] };
  const counted = async (first: number, last: number, cameBack: boolean) => {
    const { currency } = stored;
    const from = first - (cameBack ? REFUND_SLACK_MS : REFUND_WITHIN_MS);
    const to = last + (cameBack ? REFUND_WITHIN_MS : REFUND_SLACK_MS);
    return (await app.store.countedBetween(accountId, { currency, from, to, cameBack })).map(spentOf);
  };
  const self = spentOf(stored);
  if (stored.amountMinor < 0) {
    const purchases = await counted(stored.occurredAt, stored.occurredAt, false);
    return { refundOf: refundedBy(self, purchases)?.stored ?? null, refunds: [] };
  }
  const refunds = await counted(stored.occurredAt, stored.occurredAt, true);
  const [first, last] = [refunds[0], refunds.at(-1)];
  if (first === undefined || last === undefined) return { refundOf: null, refunds: [] };
  // A refund is linked to one purchase, so all that it may belong to have a say.
  const purchases = await counted(first.occurredAt, last.occurredAt, false);
  return { refundOf: null, refunds: refundsOf(self, refunds, purchases).map((refund) => refund.stored) };
}

/** A person may call it what they like: merchants are compared as mails wrote them. */
function spentOf(stored: StoredPurchase): Spent & { readonly stored: StoredPurchase } {
  const { id, bookedMerchant: merchant, amountMinor, currency, card, occurredAt, occurredOn } = stored;
  return { id, merchant, amountMinor, currency, card, occurredAt, occurredOn, stored };
}
