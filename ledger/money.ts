/** An amount of money: integer minor units (cents, yen) and the ISO 4217 code that says what they are minor units of. */
export type Money = { readonly amountMinor: number; readonly currency: string };
