import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

/**
 * Transfers between banks that arrive. One that comes back was never booked as spending, so it is money that came in, not
 * a reversal, which would count negative.
 */
export const speiLayouts: readonly Layout[] = [
  sentence({
    name: "spei-received",
    sample: "real",
    kind: "deposit",
    merchant: "SPEI",
    sentence: "Se realizo un ABONO SPEI de {amount} el {when} horas a la cuenta {card} Clave de Rastreo",
  }),
  sentence({
    name: "spei-returned",
    sample: "real",
    kind: "deposit",
    merchant: "Devolucion SPEI",
    sentence: "Se realizo un ABONO por devolucion SPEI de {amount} el {when} horas a la cuenta {card} Clave de Rastreo",
  }),
];
