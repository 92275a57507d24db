import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { hasPhrase, templateText } from "../template.ts";

const DEPOSIT = sentence({
  name: "account",
  sample: "described",
  kind: "deposit",
  sentence: "Your deposit of {amount} is complete.",
  merchant: "Deposit",
});

/**
 * Money in or out of an account, under the same subject. Money out names nobody and does not say whether a card paid, cash was
 * taken or a transfer made, so it is not understood.
 */
export const accountTransaction: Layout = {
  ...DEPOSIT,
  read: (mail, writing) => {
    const isOut = hasPhrase(templateText(mail.lines), "Your transaction of ");
    if (isOut) return { failed: "This mail names nobody, and does not say whether the money was spent or only moved." };
    return DEPOSIT.read(mail, writing);
  },
};
