import { institution, labelled } from "../institution.ts";
import { JAPAN } from "../writing.ts";

/** The bank pads its labels with blanks, full-width ones among them. */
const either = (label: string): readonly string[] => [`${label} :`, `${label}:`];

/**
 * MUFG Bank's Visa debit alerts. They say no time, and write what came back with a minus, which is not understood: whether
 * it is a refund or a reversal is not said. Which domain signs them was never seen.
 */
export const mufgDebit = institution({
  id: "mufg-debit",
  name: "MUFG Bank Visa debit",
  senders: ["mail@debit.bk.mufg.jp"],
  dkimDomains: [],
  writing: JAPAN,
  layouts: [
    labelled({
      name: "card",
      sample: "described",
      kind: "purchase",
      subject: "ご利用のお知らせ",
      labels: { amount: either("ご利用金額（円）"), merchant: either("ご利用先") },
    }),
  ],
});
