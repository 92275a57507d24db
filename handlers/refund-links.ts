import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import {
  mayBeRefundOf,
  REFUND_SLACK_MS,
  REFUND_WITHIN_MS,
  refundedBy,
  refundsOf,
  type Spent,
} from "../ledger/refund-link.ts";

/** The purchase that a refund gave money back for, or the refunds of a purchase; none of what counts nowhere. */
export async function refundLinksOf(
  stored: StoredPurchase,
  app: App,
  { accountId }: Session,
): Promise<{ readonly refundOf: StoredPurchase | null; readonly refunds: readonly StoredPurchase[] }> {
  if (stored.removed === 1 || stored.origin === "sample") return { refundOf: null, refunds: [] };
  const { currency, occurredAt } = stored;
  const counted = async (from: number, to: number, cameBack: boolean) =>
    (await app.store.countedBetween(accountId, { currency, from, to, cameBack })).map(spentOf);
  const self = spentOf(stored);
  const cameBack = stored.amountMinor < 0;
  const last = cameBack ? occurredAt : occurredAt + REFUND_WITHIN_MS;
  const near = cameBack
    ? await counted(occurredAt - REFUND_WITHIN_MS, occurredAt + REFUND_SLACK_MS, false)
    : await counted(occurredAt - REFUND_SLACK_MS, last, true);
  if (!near.some((one) => (cameBack ? mayBeRefundOf(self, one) : mayBeRefundOf(one, self))))
    return { refundOf: null, refunds: [] };
  // What is left of a purchase depends on the refunds before, and theirs on those before them: all have a say, from the first.
  const refunds = await counted(0, last, true);
  const first = refunds[0]?.occurredAt ?? occurredAt;
  const purchases = await counted(first - REFUND_WITHIN_MS, last + REFUND_SLACK_MS, false);
  if (cameBack) return { refundOf: refundedBy(self, purchases, refunds)?.stored ?? null, refunds: [] };
  return { refundOf: null, refunds: refundsOf(self, refunds, purchases).map((refund) => refund.stored) };
}

/** A person may call it what they like: merchants are compared as mails wrote them. */
function spentOf(stored: StoredPurchase): Spent & { readonly stored: StoredPurchase } {
  const { id, bookedMerchant: merchant, amountMinor, currency, card, occurredAt, occurredOn } = stored;
  return { id, merchant, amountMinor, currency, card, occurredAt, occurredOn, stored };
}
