import { labelled, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

const WHEN = ["Fecha y Hora:"];
const BOUGHT = { amount: "Valor:", merchant: "Establecimiento:", when: WHEN } as const;

/** What was bought, paid, taken in cash or given back. */
export const spendingLayouts: readonly Layout[] = [
  sentence({
    name: "reversal",
    sample: "described",
    kind: "reversal",
    sentence: "se acaba de registrar el reverso de un consumo con la tarjeta {card} por un valor de {amount} en ",
    labels: BOUGHT,
  }),
  sentence({
    name: "card",
    sample: "described",
    kind: "purchase",
    sentence: "se acaba de registrar un consumo con tu Tarjeta de Crédito {card} .",
    labels: BOUGHT,
  }),
  labelled({
    name: "debit",
    sample: "described",
    kind: "purchase",
    says: "se acaba de registrar un consumo con tu Tarjeta de Débito Produbanco.",
    labels: { ...BOUGHT, card: "Cuenta Débito:" },
  }),
  labelled({
    name: "cash",
    sample: "described",
    kind: "withdrawal",
    says: "Transacción: Retiro sin tarjeta de débito Produbanco en cajero",
    labels: { amount: "Monto:", merchant: "Cajero:", when: WHEN, card: "Cuenta débito:" },
  }),
  sentence({
    name: "bill",
    sample: "described",
    kind: "purchase",
    sentence: "Transacción: Pago de Servicio {merchant} Canal: ",
    labels: { amount: "Monto:", when: WHEN, card: "Cuenta Débito:" },
  }),
  sentence({
    name: "top-up",
    sample: "described",
    kind: "purchase",
    merchant: "Claro",
    sentence: "Se ha realizado la compra de minutos Claro por un valor de {amount} debitado de la cuenta {card}.",
    labels: { when: ["Fecha y hora de compra:"] },
  }),
];
