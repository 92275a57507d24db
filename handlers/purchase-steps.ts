import type { AmendmentRow, PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import { currentOf } from "../ledger/amendments.ts";
import type { HistoryEntry } from "./pages/purchase-history.ts";
import { zoned } from "./purchase-rows.ts";

/** Every step in a purchase's life with what it did, newest first; the booking itself is the last. */
export function historyOf(
  stored: StoredPurchase,
  amendments: readonly AmendmentRow[],
  timeZone: string,
): HistoryEntry[] {
  const { currency } = stored;
  const booked = { merchant: stored.bookedMerchant, amountMinor: stored.bookedAmountMinor, removed: false as const };
  const changes = amendments.map((row) => ({
    ...row,
    at: Temporal.Instant.fromEpochMilliseconds(row.at),
    removed: row.removed === 1,
  }));
  const entries = changes.map((change, index): HistoryEntry => {
    const before = currentOf(booked, changes.slice(0, index));
    const after = currentOf(booked, changes.slice(0, index + 1));
    const isRemoval = after.removed && !before.removed;
    return {
      at: zoned(change.at.epochMilliseconds, timeZone),
      what: change.undoes !== null ? "undone" : isRemoval ? "removed" : "changed",
      ...(before.merchant === after.merchant ? {} : { merchant: { from: before.merchant, to: after.merchant } }),
      ...(before.amountMinor === after.amountMinor
        ? {}
        : {
            amount: {
              from: { amountMinor: before.amountMinor, currency },
              to: { amountMinor: after.amountMinor, currency },
            },
          }),
    };
  });
  return [...entries.reverse(), { at: zoned(stored.bookedAt, timeZone), what: "booked" }];
}
