import { labelled, notice } from "../institution.ts";
import type { Layout } from "../layout.ts";

const CAME_IN = { sample: "described", reason: "Money that came in is no spending." } as const;

/** Money that came in or was sent. */
export const movedLayouts: readonly Layout[] = [
  notice({ ...CAME_IN, name: "transfer-received", says: "Transacción: Transferencia recibida desde Produbanco" }),
  notice({ ...CAME_IN, name: "transfer-from-abroad", says: "Transacción: Transferencia Internacional Recibida" }),
  labelled({
    name: "transfer-sent",
    sample: "described",
    kind: "transfer",
    says: "Transacción: Transferencia Enviada Exitosamente desde Produbanco",
    labels: { amount: "Monto:", merchant: "Contacto:", when: ["Fecha y Hora:"] },
  }),
];
