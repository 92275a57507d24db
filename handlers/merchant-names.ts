import type { MerchantNameRow } from "../adapters/libsql-merchant-names.ts";
import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { App } from "../app.ts";
import { cleanMerchant, merchantKey } from "../ledger/merchant-name.ts";

/** What is called by a name: a purchase, as far as its name goes. */
export type Called = Pick<StoredPurchase, "merchant" | "named" | "bookedMerchant">;

/** The names that an account's merchants are shown with. */
export type MerchantNames = {
  /** The person's own word for this purchase, or theirs for its merchant, or what was written made readable. */
  nameOf(stored: Called): string;
  /** What the person calls a merchant every time, of the newest change; null when they don't. */
  alwaysOf(written: string): MerchantNameRow | null;
};

/** The names that the account's person gave, and readable ones for all others. */
export async function merchantNamesOf(app: App, accountId: string): Promise<MerchantNames> {
  const rows = await app.store.merchantNames(accountId);
  // By the key of what was written, not by the stored one: a later release may know better what is one merchant.
  const byKey = new Map(rows.map((row) => [merchantKey(row.written), row]));
  const alwaysOf = (written: string): MerchantNameRow | null =>
    byKey.size === 0 ? null : (byKey.get(merchantKey(written)) ?? null);
  return {
    alwaysOf,
    nameOf: ({ merchant, named, bookedMerchant }) =>
      named === 1 ? merchant : (alwaysOf(bookedMerchant)?.name ?? cleanMerchant(bookedMerchant)),
  };
}

/** Of merchants as mails wrote them those whose names hold the words, in capitals or not. */
export function writtenLike(words: string, written: readonly string[], names: MerchantNames): string[] {
  const wanted = words.toLowerCase();
  return written.filter((merchant) =>
    names.nameOf({ merchant, named: 0, bookedMerchant: merchant }).toLowerCase().includes(wanted),
  );
}
