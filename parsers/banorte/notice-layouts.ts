import { notice } from "../institution.ts";
import type { Layout } from "../layout.ts";

const SECURITY = { reason: "A security notice is no transaction." } as const;
const REAL = { ...SECURITY, sample: "real" } as const;
const DESCRIBED = { ...SECURITY, sample: "described" } as const;

/** Some hold an amount, such as the most that a card may spend in a day. */
export const noticeLayouts: readonly Layout[] = [
  notice({ ...REAL, name: "new-pin", says: "se ha registrado exitosamente el nuevo NIP para su Tarjeta Banorte" }),
  notice({ ...REAL, name: "card-activated", says: "Operación: Activación de Tarjeta Digital" }),
  notice({ ...REAL, name: "digital-card-blocked", says: "Operación: Bloqueo de Tarjeta Digital de Débito" }),
  notice({ ...REAL, name: "account-looked-up", says: "Operación: Informacion de tu Cuenta" }),
  notice({ ...REAL, name: "identified", says: "Menú Telefónico Banorte. Operación: Identificacion" }),
  notice({ ...DESCRIBED, name: "card-blocked", says: "Operación: Bloqueo de Tarjeta de Débito" }),
  notice({ ...DESCRIBED, name: "card-cancelled", says: "Operación: Cancelación de Tarjeta Digital de Débito" }),
  notice({ ...DESCRIBED, name: "limit-changed", says: "Operación: Modificación de monto máximo acumulado por día" }),
];
