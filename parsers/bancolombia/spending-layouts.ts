import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { unlessDoubtful } from "../unless-doubtful.ts";

/** A bank takes money for a card or a loan of its own. */
const TO_A_BANK = /Pagaste \S+ a BANCO /i;

const REAL = { sample: "real" } as const;

/** What was bought, taken in cash, or declined. A payment by a shop's QR code is a purchase: the bank says `pagaste`. */
export const spendingLayouts: readonly Layout[] = [
  sentence({
    ...REAL,
    name: "declined",
    kind: "declined",
    merchant: "Declined purchase",
    sentence: "Bancolombia: tu compra con {card} por {amount} no fue exitosa",
  }),
  sentence({
    ...REAL,
    name: "card",
    kind: "purchase",
    sentence: [
      "Bancolombia: Compraste {amount} en {merchant} con tu {card}, el {when}.",
      "Bancolombia: Compraste {amount} en {merchant}, el {when}. Esta compra esta asociada a {card}.",
    ],
  }),
  sentence({
    ...REAL,
    name: "cash",
    kind: "withdrawal",
    sentence: "Bancolombia: Retiraste {amount} en {merchant} de tu {card} el {when}.",
  }),
  sentence({
    ...REAL,
    name: "qr-code",
    kind: "purchase",
    sentence: " pagaste {amount} por codigo QR desde tu cuenta {card} a la llave {merchant} el {when}.",
  }),
  unlessDoubtful(
    sentence({
      ...REAL,
      name: "bill",
      kind: "purchase",
      sentence: [
        "Bancolombia: Pagaste {amount} a {merchant} desde tu producto {card} el {when}.",
        "Bancolombia: Pagaste {amount} a {merchant} DESDE TU producto {card} el {when}",
      ],
    }),
    ({ lines }) => TO_A_BANK.test(lines.join(" ")),
    "This mail does not say whether the money was spent or only moved.",
  ),
];
