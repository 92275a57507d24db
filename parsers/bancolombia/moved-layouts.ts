import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

const REAL = { sample: "real" } as const;
const CARD_PAYMENT = { ...REAL, kind: "card_payment" } as const;

/** Money that came in, was sent, or went to a card. */
export const movedLayouts: readonly Layout[] = [
  sentence({
    ...REAL,
    name: "transfer-received",
    kind: "deposit",
    sentence: [
      "Bancolombia: Recibiste una transferencia por {amount} de {merchant} en tu cuenta {card}, el {when}.",
      ", recibiste una transferencia de {merchant} por {amount} en tu cuenta {card} conectada a la llave {any} el {when}.",
    ],
  }),
  sentence({
    ...REAL,
    name: "pay-received",
    kind: "deposit",
    sentence: "Bancolombia: Recibiste un pago {any} de {merchant} por {amount} en tu cuenta de Ahorros el {when}.",
  }),
  sentence({
    ...REAL,
    name: "transfer-sent",
    kind: "transfer",
    sentence: "Bancolombia: Transferiste {amount} desde tu cuenta {card} a la cuenta {merchant} el {when}.",
  }),
  sentence({
    ...REAL,
    name: "transfer-to-key",
    kind: "transfer",
    sentence: ", transferiste {amount} a la llave {any} desde tu cuenta {card} a {merchant} el {when}.",
  }),
  sentence({
    ...CARD_PAYMENT,
    name: "card-payment",
    merchant: "Credit card payment",
    sentence: [
      "Bancolombia: Pagaste {amount} en la tarjeta de credito {card} desde la cuenta {any}, el {when}.",
      "Bancolombia: Pagaste {amount} en la tarjeta de crédito {card} desde la cuenta {any} el {when}.",
    ],
  }),
  sentence({
    ...CARD_PAYMENT,
    name: "card-payment-by-others",
    sentence: [
      "Bancolombia: {merchant} hizo un abono por {amount} a tu tarjeta de credito terminada en {card}, el {when}.",
      "Bancolombia: {merchant} hizo un abono por {amount} a tu tarjeta de credito terminada en {card}, el {when}",
    ],
  }),
];
