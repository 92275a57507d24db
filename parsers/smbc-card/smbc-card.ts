import { institution, labelled } from "../institution.ts";
import { JAPAN } from "../writing.ts";

const LABELS = { amount: "◇利用金額：", merchant: "◇利用先：", when: ["◇利用日："] };

/**
 * Sumitomo Mitsui Card's alerts (Vpass), sent when a use is authorised. What was declined comes in the same form below one
 * sentence. Which domain signs them was never seen.
 */
export const smbcCard = institution({
  id: "smbc-card",
  name: "Sumitomo Mitsui Card (Vpass)",
  senders: ["statement@vpass.ne.jp"],
  dkimDomains: [],
  writing: JAPAN,
  layouts: [
    labelled({
      name: "declined",
      sample: "real",
      kind: "declined",
      says: "カードがご利用いただけなかったお取引",
      labels: LABELS,
    }),
    labelled({
      name: "card",
      sample: "real",
      subject: "ご利用のお知らせ",
      says: "◇利用取引：",
      kind: { label: "◇利用取引：", is: { 買物: "purchase", 取消: "reversal", 返品: "refund" } },
      labels: LABELS,
    }),
  ],
});
