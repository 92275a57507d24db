import { institution, labelled, notice, sentence } from "../institution.ts";
import type { Writing } from "../writing.ts";

/** Pesos have no fraction: `$1.450` are 1450. */
const CHILE: Writing = { currency: "CLP", decimal: ",", dates: "day-first", zone: "America/Santiago" };

const CARD_PAYMENT = {
  kind: "card_payment",
  merchant: "Credit card payment",
  // `Monto pagado` is in the card's currency; `Monto` is what left the account.
  labels: { amount: ["Monto", "Monto pagado"], when: ["Fecha y Hora:"], card: ["N° de tarjeta", "Nº de tarjeta"] },
} as const;

/**
 * Banco de Chile's alerts. Those of transfers stand first, since they hold names and messages that other people chose. Which
 * domain signs them was never seen.
 */
export const bancoDeChile = institution({
  id: "banco-de-chile",
  name: "Banco de Chile",
  senders: ["enviodigital@bancochile.cl", "serviciodetransferencias@bancochile.cl"],
  dkimDomains: [],
  writing: CHILE,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "Cartola Cuenta Corriente",
      reason: "A statement repeats what alerts say.",
    }),
    sentence({
      name: "transfer-received",
      sample: "described",
      kind: "deposit",
      sentence:
        "Te informamos que nuestro(a) cliente {merchant} ha efectuado una transferencia de fondos a tu cuenta con",
      labels: { amount: "Monto", when: [["Fecha y Hora:", "Fecha"]] },
    }),
    labelled({
      name: "transfer-sent",
      sample: "real",
      kind: "transfer",
      says: "has realizado una Transferencia a terceros en forma exitosa",
      labels: { amount: "Monto", merchant: "Nombre y Apellido", when: ["Fecha y Hora:"] },
    }),
    sentence({
      name: "transfer-sent-2019",
      sample: "real",
      kind: "transfer",
      sentence:
        "usted ha efectuado una transferencia de fondos a {merchant}, el día {when}, desde su Cuenta Corriente {card}.",
      labels: { amount: "Monto" },
    }),
    labelled({
      ...CARD_PAYMENT,
      name: "card-payment",
      sample: "real",
      says: "se ha efectuado el pago de la tarjeta de crédito nacional en forma exitosa",
    }),
    labelled({
      ...CARD_PAYMENT,
      name: "card-payment-abroad",
      sample: "real",
      says: "se ha efectuado el pago de la tarjeta de crédito internacional en forma exitosa",
    }),
    sentence({
      name: "card",
      sample: "real",
      kind: "purchase",
      sentence: "se ha realizado una compra por {amount} con Tarjeta de Crédito {card} en {merchant} el {when}.",
    }),
    sentence({
      name: "debit",
      sample: "real",
      kind: "purchase",
      sentence: "se ha realizado una compra por {amount} con cargo a Cuenta {card} en {merchant} el {when}.",
    }),
    sentence({
      name: "cash",
      sample: "real",
      kind: "withdrawal",
      merchant: "ATM withdrawal",
      sentence: "se ha realizado un giro en Cajero por {amount} con cargo a Cuenta {card} el {when}.",
    }),
  ],
});
