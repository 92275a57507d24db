import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import { EVENT_KINDS } from "../parsers/parser.ts";
import { parsers } from "../parsers/registry.ts";
import type { MerchantNames } from "./merchant-names.ts";
import type { LeftOut, PurchaseRow } from "./pages/purchase-list.ts";
import type { When } from "./pages/say-when.ts";

/** A stored purchase as pages show it, its time in the account's zone and its merchant by name. */
export function pageRow(stored: StoredPurchase, timeZone: string, names: MerchantNames): PurchaseRow {
  return {
    id: stored.id,
    kind: EVENT_KINDS.find((kind) => kind === stored.kind) ?? "purchase",
    merchant: names.nameOf(stored),
    amount: { amountMinor: stored.amountMinor, currency: stored.currency },
    occurred: whenOf(stored, timeZone),
    institution: institutionName(stored.institution),
    card: stored.card,
    sample: stored.origin === "sample",
    leftOut: leftOutOf(stored),
  };
}

function leftOutOf({ joinedInto, withdrawnAt, removed }: StoredPurchase): LeftOut | null {
  if (joinedInto !== null) return "joined";
  if (withdrawnAt !== null) return "withdrawn";
  return removed === 1 ? "removed" : null;
}

/** The day a purchase belongs to in the account's zone; a date that came without a time of day is never moved. */
export function dayOfPurchase(stored: StoredPurchase, timeZone: string): Temporal.PlainDate {
  const when = whenOf(stored, timeZone);
  return when instanceof Temporal.PlainDate ? when : when.toPlainDate();
}

/** Whether it is in the totals. */
export function counts(stored: StoredPurchase): boolean {
  return stored.removed === 0 && stored.origin !== "sample";
}

/** The name people know an institution by, the domain of one that nobody here knows, or null when there is neither. */
export function institutionName(id: string | null): string | null {
  return parsers.find((parser) => parser.id === id)?.name ?? (id?.includes(".") ? id : null);
}

function whenOf({ occurredAt, occurredOn }: StoredPurchase, timeZone: string): When {
  return occurredOn === null ? zoned(occurredAt, timeZone) : Temporal.PlainDate.from(occurredOn);
}

/** Milliseconds since 1970 as a time in a zone. */
export function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}
