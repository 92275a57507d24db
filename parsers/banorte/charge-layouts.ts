import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

const CHARGE =
  "Le notificamos que se ha registrado un cargo a su cuenta {card} , los datos de la operacion son los siguientes:";
const WHEN = "Fecha y hora de la operacion: {when} Fecha de Aplicacion:";
const AMOUNT = { labels: { amount: "Importe:" } } as const;

/** What was charged to an account: the words behind `Operacion:` say which of these it was; other words are not understood. */
export const chargeLayouts: readonly Layout[] = [
  sentence({
    ...AMOUNT,
    name: "card",
    sample: "real",
    kind: "purchase",
    sentence: `${CHARGE} Operacion: COMPRA EN {merchant} ${WHEN}`,
  }),
  sentence({
    ...AMOUNT,
    name: "cash",
    sample: "described",
    kind: "withdrawal",
    merchant: "ATM withdrawal",
    sentence: `${CHARGE} Operacion: DISPOSICION DE EFECTIVO {any}${WHEN}`,
  }),
  // It does not say whose bill was paid, but a bill it was.
  sentence({
    ...AMOUNT,
    name: "bill",
    sample: "real",
    kind: "purchase",
    merchant: "Bill payment",
    sentence: `${CHARGE} Operacion: PAGO DE SERVICIOS {any}${WHEN}`,
  }),
];
