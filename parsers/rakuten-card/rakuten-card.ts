import { institution, notice } from "../institution.ts";
import { repeated } from "../repeated.ts";
import { unlessDoubtful } from "../unless-doubtful.ts";
import { JAPAN } from "../writing.ts";

const LABELS = { when: "■利用日:", amount: "■利用金額:", merchant: "■利用先:" };

/**
 * Rakuten Card's alerts, each purchase in two: at once, mostly without the shop, and days later with it. Both are booked,
 * and proposed as one. A mail lists several purchases. Which domain signs them was never seen.
 */
export const rakutenCard = institution({
  id: "rakuten-card",
  name: "Rakuten Card",
  senders: ["info@mail.rakuten-card.co.jp"],
  dkimDomains: [],
  writing: JAPAN,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "カードご請求金額のご案内",
      reason: "A statement repeats what alerts say.",
    }),
    repeated({
      name: "preliminary",
      sample: "described",
      kind: "purchase",
      subject: "【速報版】カード利用のお知らせ",
      labels: LABELS,
      merchant: "Card purchase",
    }),
    unlessDoubtful(
      repeated({ name: "card", sample: "real", kind: "purchase", subject: "カード利用のお知らせ", labels: LABELS }),
      ({ lines }) => lines.some((line) => line.startsWith("《") && !line.includes("ショッピング")),
      "This mail may tell of cash that was borrowed.",
    ),
  ],
});
