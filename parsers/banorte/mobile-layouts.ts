import { labelled } from "../institution.ts";
import type { Layout } from "../layout.ts";

const DONE = { amount: "Importe:", when: ["Fecha de Operación:", "Hora de Operación:"] } as const;

/** What was done by telephone. Talking time is bought, so it is a purchase. */
export const mobileLayouts: readonly Layout[] = [
  labelled({
    name: "transfer-sent",
    sample: "real",
    kind: "transfer",
    says: "Operación: Transferencias Rápidas",
    labels: { ...DONE, merchant: "Nombre del Beneficiario:", card: "Cuenta Origen:" },
  }),
  labelled({
    name: "card-payment-elsewhere",
    sample: "described",
    kind: "card_payment",
    merchant: "Credit card payment",
    says: "Operación: Pago de Tarjeta de Crédito Otros Bancos",
    labels: DONE,
  }),
  labelled({
    name: "top-up",
    sample: "real",
    kind: "purchase",
    says: "Operación: Compra de Tiempo Aire",
    labels: { ...DONE, merchant: "Empresa:", card: "Numero de Tarjeta:" },
  }),
];
