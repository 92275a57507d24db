import { institution, labelled, notice, sentence } from "../institution.ts";
import { repeated } from "../repeated.ts";
import { JAPAN } from "../writing.ts";

/**
 * JCB's alerts, those of other issuers' JCB cards included. What arrives in a list was not told of before, as its mails say.
 * Below stands an example with an amount. Which domain signs them was never seen.
 */
export const jcb = institution({
  id: "jcb",
  name: "JCB",
  senders: ["mail@qa.jcb.co.jp"],
  dkimDomains: [],
  writing: JAPAN,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "お振替内容",
      reason: "A statement repeats what alerts say.",
    }),
    repeated({
      name: "list",
      sample: "real",
      kind: "purchase",
      subject: "（売上到着分）",
      labels: { when: "【ご利用日】", amount: "【ご利用金額】", merchant: "【ご利用先】" },
    }),
    sentence({
      name: "reversal",
      sample: "real",
      kind: "reversal",
      subject: "ショッピング取消のお知らせ",
      sentence: "【金額】{amount}（取消）",
      labels: { merchant: "【ご利用先】", when: ["【日時（日本時間）】"] },
    }),
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      subject: "ショッピングご利用のお知らせ",
      labels: { amount: "【ご利用金額】", merchant: "【ご利用先】", when: ["【ご利用日時(日本時間)】"] },
    }),
  ],
});
