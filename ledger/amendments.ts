/** One row of a purchase's history, which is only ever added to: a change, or the undoing of one. */
export type Amendment = {
  readonly id: string;
  readonly at: Temporal.Instant;
  /** The id of the change that this row takes back; null for a change. */
  readonly undoes: string | null;
  /** The whole purchase as the change left it. Of a row that undoes, these four count for nothing. */
  readonly merchant: string;
  /** Whether the merchant is the person's own word. */
  readonly isNamed: boolean;
  readonly amountMinor: number;
  readonly removed: boolean;
};

/** What a person may change of a purchase. */
export type PurchaseState = Pick<Amendment, "merchant" | "isNamed" | "amountMinor" | "removed">;

/**
 * The purchase as it stands after its amendments, oldest first: as the newest change says that was not undone, or as
 * booked. `undoable` is the id of that change, which the next undo takes back, or null when there is none left.
 *
 * Taking the same change back twice, or one that isn't there, changes nothing, so two taps on undo can't do harm.
 */
export function currentOf(
  booked: PurchaseState & { readonly removed: false },
  amendments: readonly Amendment[],
): PurchaseState & { readonly undoable: string | null } {
  const undone = new Set(amendments.map(({ undoes }) => undoes));
  const newest = amendments.findLast(({ id, undoes }) => undoes === null && !undone.has(id));
  const { merchant, isNamed, amountMinor, removed } = newest ?? booked;
  return { merchant, isNamed, amountMinor, removed, undoable: newest?.id ?? null };
}
