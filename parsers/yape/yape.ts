import { institution, labelled, sentence } from "../institution.ts";
import { PERU } from "../writing.ts";

const WHEN = ["Fecha y hora:"];

/**
 * Yape's mails. Money to a person is a transfer, to a shop, a biller or for a telephone a purchase. It tells nobody of money
 * that came in. Which domain signs them was never seen.
 */
export const yape = institution({
  id: "yape",
  name: "Yape",
  senders: ["notificaciones@yape.pe"],
  dkimDomains: [],
  writing: PERU,
  layouts: [
    labelled({
      name: "to-a-person",
      sample: "real",
      kind: "transfer",
      says: "¡Acabas de yapear exitosamente!",
      labels: {
        amount: "Monto de yapeo*",
        merchant: "Nombre del Beneficiario",
        when: ["Fecha y Hora de la operación"],
      },
    }),
    sentence({
      name: "shop",
      sample: "real",
      kind: "purchase",
      sentence: "¡Tu pago en {merchant} fue exitoso!",
      labels: { amount: "Monto total", when: WHEN },
    }),
    labelled({
      name: "bill",
      sample: "real",
      kind: "purchase",
      says: "¡Tu servicio fue yapeado con éxito!",
      labels: { amount: "Monto total", merchant: "Empresa:", when: WHEN },
    }),
    sentence({
      name: "top-up",
      sample: "described",
      kind: "purchase",
      subject: "Tu recarga en Yape ha sido confirmada",
      // Taxes and the like follow; what was paid stands on top, without a label.
      sentence: [
        "S/ {amount} Número recargado: {any} Fecha: {when} Operadora: {merchant} Nº de operaci",
        "S/ {amount} Numero recargado: {any} Fecha: {when} Operadora: {merchant} Nº de operaci",
      ],
    }),
  ],
});
