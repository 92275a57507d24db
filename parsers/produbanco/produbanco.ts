import { institution } from "../institution.ts";
import type { Writing } from "../writing.ts";
import { movedLayouts } from "./moved-layouts.ts";
import { spendingLayouts } from "./spending-layouts.ts";

/** Ecuador's money is the dollar. */
const ECUADOR: Writing = { currency: "USD", decimal: ".", dates: "day-first", zone: "America/Guayaquil" };

/**
 * Produbanco's alerts: what it was behind `Transacción:`, then a table, or a sentence alone. Transfers stand first, since they
 * hold names and messages that other people chose. Which domain signs them was never seen.
 */
export const produbanco = institution({
  id: "produbanco",
  name: "Produbanco",
  senders: ["bancaenlinea@produbanco.com"],
  dkimDomains: [],
  writing: ECUADOR,
  layouts: [...movedLayouts, ...spendingLayouts],
});
