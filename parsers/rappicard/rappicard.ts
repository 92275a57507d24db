import { institution, labelled } from "../institution.ts";
import type { Writing } from "../writing.ts";

/** Whose clock its times show was never seen, so only the day counts. */
const IN_COLOMBIA: Writing = { currency: "COP", decimal: null, dates: "day-first", zone: null };

/** RappiCard's alerts in Colombia; those of Mexico were never seen. Which domain signs them was never seen either. */
export const rappicard = institution({
  id: "rappicard",
  name: "RappiCard Colombia",
  senders: ["noreply@rappicard.co"],
  dkimDomains: [],
  writing: IN_COLOMBIA,
  layouts: [
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      says: "Realizaste una compra con tu RappiCard.",
      labels: { amount: "Monto", merchant: "Comercio", when: ["Fecha de la transacción"], card: "Método de pago" },
    }),
  ],
});
