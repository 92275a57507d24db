import { institution, labelled, notice } from "../institution.ts";
import { DOMINICAN_REPUBLIC } from "../writing.ts";
import { cardTable } from "./card-table.ts";

const MONEY_IN = "Money that came in is no spending.";

/**
 * Banco Popular Dominicano's alerts. All about cards share one subject, declined ones too, of which some have no table and so
 * no amount. What they say about codes for cash is not understood. Which domain signs them was never seen.
 */
export const bancoPopularDo = institution({
  id: "banco-popular-do",
  name: "Banco Popular Dominicano",
  senders: ["notificaciones@popularenlinea.com"],
  dkimDomains: [],
  writing: DOMINICAN_REPUBLIC,
  layouts: [
    notice({
      name: "transfer-received",
      sample: "real",
      says: "transferencia recibida en su cuenta",
      reason: MONEY_IN,
    }),
    notice({
      name: "deposit-by-machine",
      sample: "real",
      says: "depósito recibido en su cuenta",
      reason: MONEY_IN,
    }),
    notice({
      name: "deposit-in-branch",
      sample: "real",
      says: "depósito efectuado en su cuenta",
      reason: MONEY_IN,
    }),
    labelled({
      name: "transfer-sent",
      sample: "real",
      kind: "transfer",
      says: "su transacción por pagos al instante fue enviada satisfactoriamente",
      labels: { amount: "Monto:", merchant: "Beneficiario:", when: ["Fecha:"], card: "Cuenta o Producto:" },
    }),
    cardTable({
      name: "declined-with-table",
      columns: ["Monto", "Fecha", "Comercio", "Estatus"],
      merchant: "Comercio",
      kinds: { Declinada: "declined" },
    }),
    notice({
      name: "declined",
      sample: "real",
      says: "su transacción ha sido declinada",
      reason: "What was declined moved no money.",
    }),
    cardTable({
      name: "card",
      columns: ["Monto", "Moneda", "Fecha", "Comercio", "Estatus"],
      merchant: "Comercio",
      kinds: { Aprobada: "purchase", Declinada: "declined" },
    }),
    cardTable({
      name: "cash",
      columns: ["Monto", "Moneda", "Fecha", "Cajero Automatico", "Estatus"],
      merchant: "Cajero Automatico",
      kinds: { Aprobada: "withdrawal" },
    }),
  ],
});
