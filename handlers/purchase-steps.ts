import type { AmendmentRow } from "../adapters/libsql-amendments.ts";
import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import { currentOf, type Amendment } from "../ledger/amendments.ts";
import type { HistoryEntry } from "./pages/purchase-history.ts";
import { zoned } from "./purchase-rows.ts";

/** Every step in a purchase's life with what it did, newest first; the booking itself is the last. */
export function historyOf(
  stored: StoredPurchase,
  amendments: readonly AmendmentRow[],
  timeZone: string,
): HistoryEntry[] {
  const { currency } = stored;
  const booked = bookedOf(stored);
  const changes = amendments.map(amendmentOf);
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

/** The id of the change that the next undo takes back, or null when none stands. */
export function undoableOf(stored: StoredPurchase, amendments: readonly AmendmentRow[]): string | null {
  return currentOf(bookedOf(stored), amendments.map(amendmentOf)).undoable;
}

function bookedOf({ bookedMerchant, bookedAmountMinor }: StoredPurchase): Parameters<typeof currentOf>[0] {
  return { merchant: bookedMerchant, isNamed: false, amountMinor: bookedAmountMinor, removed: false };
}

function amendmentOf(row: AmendmentRow): Amendment {
  return {
    ...row,
    at: Temporal.Instant.fromEpochMilliseconds(row.at),
    isNamed: row.named === 1,
    removed: row.removed === 1,
  };
}
