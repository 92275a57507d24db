import { institution, labelled, notice } from "../institution.ts";
import { JAPAN } from "../writing.ts";

/** The bank writes colons in full width and in half. */
const either = (...labels: readonly string[]): readonly string[] =>
  labels.flatMap((label) => [`${label}：`, `${label}:`]);

/**
 * PayPay Bank's mails, before 2021 Japan Net Bank's: the same forms under the older name, whose sender's address is not
 * known. Which domain signs them was never seen.
 */
export const paypayBank = institution({
  id: "paypay-bank",
  name: "PayPay Bank",
  senders: ["customer2@cc.paypay-bank.co.jp"],
  dkimDomains: [],
  writing: JAPAN,
  layouts: [
    notice({
      name: "debit-ahead",
      sample: "real",
      subject: "引落予定のご案内",
      reason: "What is to be collected was not collected yet.",
    }),
    notice({
      name: "debit-failed",
      sample: "real",
      subject: "口座振替できませんでした",
      reason: "What could not be collected moved no money.",
    }),
    notice({
      name: "card-stopped",
      sample: "real",
      subject: "Ｖｉｓａデビット利用停止のご連絡",
      reason: "A stopped card is no transaction.",
    }),
    notice({
      name: "received",
      sample: "real",
      subject: "振込入金のご連絡",
      reason: "Money came in; the mail does not say how much.",
    }),
    labelled({
      name: "refund",
      sample: "real",
      kind: "refund",
      subject: "ご利用代金ご返金のお知らせ",
      labels: { amount: either("ご返金額"), merchant: either("加盟店名"), when: [either("ご返金日時")] },
    }),
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      subject: "ご利用代金お引き落としのお知らせ",
      labels: {
        amount: either("お引落金額", "ご利用金額"),
        merchant: either("加盟店名", "ご利用のショップ名"),
        // Days may lie between use and collection; the day of use is there when they do.
        when: [either("ご利用日", "お引落日時", "引落日時")],
      },
    }),
    labelled({
      name: "bill",
      sample: "real",
      kind: "purchase",
      subject: "ペイジー払い込みのご確認",
      labels: { amount: either("払込金額"), merchant: either("払込先"), when: [either("払込日時")] },
    }),
    labelled({
      name: "transfer",
      sample: "real",
      kind: "transfer",
      subject: "振り込みのご確認",
      labels: { amount: either("振込金額"), merchant: either("受取人名"), when: [either("振込受付日時")] },
    }),
    labelled({
      name: "card-payment",
      sample: "real",
      subject: "お引き落としのご連絡",
      // Shops collect in the same form; whether one is spending or a card's issuer is known of these alone.
      kind: { label: "委託者名：", is: { 三井住友カード: "card_payment" } },
      labels: { amount: either("お引落金額"), merchant: either("委託者名"), when: [either("お引落日時")] },
    }),
  ],
});
