/** What a phrase says about a mail. `offer` stands for everything that no money moved in: codes, bills, advertising. */
export const SIGNS = [
  "purchase",
  "withdrawal",
  "refund",
  "declined",
  "transfer",
  "card_payment",
  "deposit",
  "fee",
  "pending",
  "offer",
] as const;

export type Sign = (typeof SIGNS)[number];

/** What the value behind a label is. `payee` may also be an account; `other` is only known to be a label. */
export type LabelRole = "amount" | "merchant" | "payee" | "when" | "currency" | "status" | "other";

/**
 * The words by which alerts in one language are read: lower case, without accents, separated by `|`. A `*` at the end of
 * a word stands for any more letters.
 */
export type Language = {
  /** Frequent little words that tell the language. */
  readonly common: string;
  readonly signs: Readonly<Record<Sign, string>>;
  /** Near an amount: it is a balance, a limit or a threshold. */
  readonly otherAmount: string;
  readonly labels: Readonly<Record<LabelRole, string>>;
  /** Words in front of a merchant's name, by rank: what comes first is preferred. */
  readonly beforeMerchant: readonly string[];
  /** Words that end a merchant's name. */
  readonly behindMerchant: string;
  /** Words behind a merchant's name that begins its sentence. */
  readonly merchantDid: string;
  /** A name never begins with these. */
  readonly noName: string;
  /** A sentence that begins with, or holds, these says what might be. */
  readonly conditionalStart: string;
  readonly conditional: string;
};
