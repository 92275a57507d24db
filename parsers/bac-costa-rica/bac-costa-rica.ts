import { institution, labelled } from "../institution.ts";
import { COSTA_RICA } from "../writing.ts";

/** Older mails had no colon behind it. */
const CARD = ["VISA:", "VISA", "AMEX:", "AMEX", "MASTERCARD:", "MASTERCARD"];

/**
 * BAC Credomatic's alerts of cards in Costa Rica, a table. They moved from one sender to the next with the same words. Which
 * domain signs them was never seen.
 */
export const bacCostaRica = institution({
  id: "bac-costa-rica",
  name: "BAC Costa Rica",
  senders: [
    "notificacion@notificacionesbaccr.com",
    "notificacion@baccredomatic.cr",
    "notificacionbac@baccredomatic.cr",
  ],
  dkimDomains: [],
  writing: COSTA_RICA,
  layouts: [
    labelled({
      name: "card",
      sample: "real",
      kind: {
        label: "Tipo de Transacción:",
        is: {
          COMPRA: "purchase",
          "CARGO AUTOMATICO": "purchase",
          DEVOLUCION: "refund",
          // Points that pay for a part of the bill.
          PAGO: "card_payment",
        },
      },
      labels: { amount: "Monto:", merchant: "Comercio:", when: ["Fecha:"], card: CARD },
    }),
  ],
});
