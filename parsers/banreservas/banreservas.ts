import { institution, labelled, notice, sentence } from "../institution.ts";
import { DOMINICAN_REPUBLIC } from "../writing.ts";

/**
 * Banreservas' alerts: those of its cards and those of its app, which come from another address. Merchants come with the town
 * and the country glued on; the app's hold a second amount, the tax. Which domain signs them was never seen.
 */
export const banreservas = institution({
  id: "banreservas",
  name: "Banreservas",
  senders: ["notificaciones@banreservas.com", "notificacionestubancoapp@banreservas.com"],
  dkimDomains: [],
  writing: DOMINICAN_REPUBLIC,
  layouts: [
    // Says "presenta un consumo" as the card's do.
    notice({
      name: "transfer-pending",
      sample: "described",
      says: "Transferencia en proceso",
      reason: "A transfer on its way is no spending.",
    }),
    notice({
      name: "wages",
      sample: "described",
      says: "pago de nómina a su cuenta",
      reason: "Money that came in is no spending.",
    }),
    sentence({
      name: "card",
      sample: "real",
      kind: "purchase",
      says: ["Notificación de Consumo", "Estado: APROBADO"],
      sentence: "Su tarjeta {card} presenta un consumo.",
      labels: { amount: "Monto:", merchant: "Comercio:", when: ["Fecha de transacción:"] },
    }),
    labelled({
      name: "card-payment",
      sample: "real",
      kind: "card_payment",
      says: "pago de tarjeta de crédito fue realizado",
      labels: { amount: "Monto:", merchant: "Destino:", when: ["Fecha de transacción:"], card: "Destino:" },
    }),
    labelled({
      name: "transfer-sent",
      sample: "described",
      kind: "transfer",
      says: "Transacción: Transferencia a Tercero",
      labels: { amount: "Monto:", merchant: "Destino:", when: ["Fecha de transacción:"], card: "Origen:" },
    }),
    labelled({
      name: "transfer-received",
      sample: "described",
      kind: "deposit",
      says: "la siguiente transferencia fue recibida",
      labels: { amount: "Monto:", merchant: "Origen:", when: ["Fecha:"], card: "Destino:" },
    }),
  ],
});
