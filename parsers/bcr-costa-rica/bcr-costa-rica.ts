import { institution, sentence } from "../institution.ts";
import { cardRows } from "./card-rows.ts";

/**
 * Banco de Costa Rica's alerts: those of its cards, and those of SINPE Móvil (money sent to a telephone number, always in
 * colones) from another address. Which domain signs them was never seen.
 */
export const bcrCostaRica = institution({
  id: "bcr-costa-rica",
  name: "BCR (Banco de Costa Rica)",
  senders: ["bcrtarjestcta@bancobcr.com", "mensajero@bancobcr.com"],
  dkimDomains: [],
  writing: { currency: "CRC", decimal: ".", dates: "day-first", zone: "America/Costa_Rica" },
  layouts: [
    cardRows,
    sentence({
      name: "transfer-sent",
      sample: "real",
      kind: "transfer",
      says: "debitado de su cuenta BCR la siguiente transacción SINPE Móvil",
      sentence: "Esta transacción fue realizada el {when}",
      labels: { amount: "Monto:", merchant: "Nombre cliente Destino:" },
    }),
    sentence({
      name: "transfer-received",
      sample: "described",
      kind: "deposit",
      says: "se le ha acreditado",
      sentence: "Esta transacción fue realizada el {when}",
      labels: { amount: "Monto:", merchant: "Nombre cliente origen:" },
    }),
  ],
});
