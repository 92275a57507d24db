import { institution, notice } from "../institution.ts";
import { COLOMBIA } from "../writing.ts";
import { movedLayouts } from "./moved-layouts.ts";
import { spendingLayouts } from "./spending-layouts.ts";

/**
 * Bancolombia's alerts, each one sentence, with amounts as `COP44.247,00`, `$30,000` and `$84,000.00`. Those of money that came
 * in stand first, since they hold names that other people chose. Which domain signs them was never seen.
 */
export const bancolombia = institution({
  id: "bancolombia",
  name: "Bancolombia",
  senders: [
    "alertasynotificaciones@notificacionesbancolombia.com",
    "alertasynotificaciones@an.notificacionesbancolombia.com",
    "alertasynotificaciones@bancolombia.com.co",
  ],
  dkimDomains: [],
  writing: COLOMBIA,
  layouts: [
    notice({
      name: "statement",
      sample: "real",
      says: "Ya está disponible tu extracto",
      reason: "A statement repeats what alerts say.",
    }),
    notice({
      name: "details-changed",
      sample: "real",
      says: "Bancolombia: Listo. Actualizaste tu informacion personal",
      reason: "A security notice is no transaction.",
    }),
    ...movedLayouts,
    ...spendingLayouts,
  ],
});
