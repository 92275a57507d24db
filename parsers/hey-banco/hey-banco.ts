import { institution, notice, sentence } from "../institution.ts";
import { MEXICO } from "../writing.ts";

const DECLINED = { sample: "described", reason: "What was declined moved no money." } as const;
const MOVED = { sample: "described", reason: "Money that was only moved is no spending." } as const;

/** Hey Banco's mails, of a bank that changed its name. Which domain signs them was never seen. */
export const heyBanco = institution({
  id: "hey-banco",
  name: "Hey Banco",
  senders: ["alertas@heybanco.com", "noreply@heybanco.com", "alertas@hey.inc", "noreply@hey.inc"],
  dkimDomains: [],
  writing: MEXICO,
  layouts: [
    notice({ ...MOVED, name: "spei-received", subject: "Recepción de transferencia nacional SPEI" }),
    notice({ ...MOVED, name: "spei-sent", subject: "Solicitud de Transferencia Nacional SPEI" }),
    notice({ ...MOVED, name: "card-payment", subject: "Solicitud de pago de Tarjeta Hey" }),
    notice({ ...DECLINED, name: "declined", says: "La compra que realizaste fue rechazada por " }),
    notice({ ...DECLINED, name: "transfer-failed", says: "No se ha podido realizar tu transferencia nacional." }),
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      sentence: "La transacción que realizaste con tu {any} con terminación {card} fue exitosa.",
      labels: { amount: "Cantidad:", merchant: "Comercio:", when: ["Fecha y hora de la transacción:"] },
    }),
  ],
});
