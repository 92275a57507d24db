import { institution, notice, sentence } from "../institution.ts";
import { MEXICO } from "../writing.ts";

const WHEN = ["Fecha:", "Hora:"];

/** Nu's mails in Mexico. Purchases by card are told by the app alone. Which domain signs them was never seen. */
export const nuMexico = institution({
  id: "nu-mexico",
  name: "Nu México",
  senders: ["nu@nu.com.mx"],
  dkimDomains: [],
  writing: MEXICO,
  layouts: [
    notice({
      name: "transfer-received",
      sample: "real",
      subject: "¡Recibiste una transferencia!",
      reason: "Money that came in is no spending.",
    }),
    notice({
      name: "card-payment",
      sample: "described",
      subject: "¡Recibimos tu pago!",
      reason: "A payment towards a card is no spending.",
    }),
    sentence({
      name: "transfer-sent",
      sample: "real",
      kind: "transfer",
      sentence: "la transferencia que hiciste a la cuenta de {merchant} en {any} fue exitosa.",
      labels: { amount: "Monto:", when: WHEN },
    }),
    sentence({
      name: "top-up",
      sample: "real",
      kind: "purchase",
      sentence: "Aquí está tu comprobante de tu pago de recarga de celular {when} Detalle",
      labels: { amount: "Monto:", merchant: "Empresa a la cual se realizará el pago:" },
    }),
  ],
});
