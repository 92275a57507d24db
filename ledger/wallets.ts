/** Wallets by the mark that they leave in a card's mail, in small letters without spaces. */
const WALLETS: ReadonlyMap<string, string> = new Map([
  ["paypal", "paypal"],
  ["pp", "paypal"],
  ["venmo", "venmo"],
  ["cashapp", "cash-app"],
]);
const IDS = new Set(WALLETS.values());

/** The institution whose mark stands before a merchant's name, or null when it is no wallet's. */
export function walletOf(through: string): string | null {
  return WALLETS.get(through) ?? null;
}

/** Whether the institution is a wallet: what is paid with it, a card or an account pays for, and may tell of as well. */
export function isWallet(institution: string): boolean {
  return IDS.has(institution);
}
