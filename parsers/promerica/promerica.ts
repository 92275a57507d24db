import { institution, labelled } from "../institution.ts";
import { COSTA_RICA } from "../writing.ts";

/**
 * Promerica's vouchers in Costa Rica. Their sender advertises too, which is not understood. Which domain signs them was never
 * seen.
 */
export const promerica = institution({
  id: "promerica",
  name: "Promerica Costa Rica",
  senders: ["info@promerica.fi.cr"],
  dkimDomains: [],
  writing: COSTA_RICA,
  layouts: [
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      says: "¡Tu transacción fue realizada con éxito!",
      labels: { amount: "Monto", merchant: "Comercio", when: ["Fecha/hora"], card: "Número de tarjeta" },
    }),
  ],
});
