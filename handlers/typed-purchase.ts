import { parseAmountInput } from "../ledger/money.ts";

const LONGEST_MERCHANT = 200;

/** What a person typed for one field: its value, or a sentence that says why it was not taken. */
export type Typed<T> = { readonly value: T } | { readonly error: string };

/** A merchant's name as a person typed it. */
export function typedMerchant(text: string): Typed<string> {
  // SQLite reads text up to the first NUL only.
  const name = text.replaceAll("\0", "").trim();
  if (name === "") return { error: "Please give a name." };
  if (name.length > LONGEST_MERCHANT) return { error: `A name has at most ${LONGEST_MERCHANT} characters.` };
  return { value: name };
}

/** An amount as a person typed it, in minor units of the currency; negative for money that came back. */
export function typedAmount(text: string, currency: string): Typed<number> {
  const amountMinor = parseAmountInput(text, currency);
  if (amountMinor === null) return { error: `This is not an amount in ${currency}. It should look like 12.34.` };
  return { value: amountMinor };
}

/** Why it was not taken, if so. */
export function errorOf(typed: Typed<unknown>): string | undefined {
  return "error" in typed ? typed.error : undefined;
}
