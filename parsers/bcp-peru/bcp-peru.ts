import { institution, labelled, notice, sentence } from "../institution.ts";
import { PERU } from "../writing.ts";
import { cardLayouts } from "./card-layouts.ts";

const WHEN = ["Fecha y hora"];

/**
 * BCP's alerts: a sentence that says what happened, and a table. Those of Yape come from a sender of their own. Which domain
 * signs them was never seen.
 */
export const bcpPeru = institution({
  id: "bcp-peru",
  name: "BCP Perú",
  senders: ["notificaciones@notificacionesbcp.com.pe"],
  dkimDomains: [],
  writing: PERU,
  layouts: [
    notice({
      name: "declined",
      sample: "described",
      subject: "Se rechazó tu compra",
      reason: "What was declined moved no money.",
    }),
    notice({
      name: "settings",
      sample: "described",
      subject: "Constancia de Configuración de Tarjeta",
      reason: "Settings of a card are no transaction.",
    }),
    notice({
      name: "savings-jar",
      sample: "described",
      says: ["Realizaste un retiro de ", " en tu wardadito "],
      reason: "Money between accounts of one's own is no spending.",
    }),
    labelled({
      name: "transfer",
      sample: "real",
      kind: "transfer",
      says: "Realizaste una transferencia de ",
      labels: { amount: ["Monto transferido", "Monto enviado"], merchant: "Enviado a", when: WHEN },
    }),
    sentence({
      name: "yapeo",
      sample: "real",
      kind: "transfer",
      sentence: "Realizaste un yapeo a celular de {amount} desde tu ",
      labels: { merchant: "Enviado a", when: WHEN },
    }),
    sentence({
      name: "card-payment",
      sample: "real",
      kind: "card_payment",
      merchant: "Credit card payment",
      sentence: "Realizaste un pago a tu tarjeta de {amount} desde tu ",
      labels: { when: WHEN, card: "Pagado a" },
    }),
    labelled({
      name: "refund",
      sample: "described",
      kind: "refund",
      subject: "Realizamos una devolución de una operación a tu Tarjeta",
      labels: { amount: "Total devuelto", merchant: "Nombre del Comercio", when: WHEN, card: "Número de Tarjeta" },
    }),
    ...cardLayouts,
  ],
});
