import { institution } from "../institution.ts";
import { MEXICO } from "../writing.ts";
import { chargeLayouts } from "./charge-layouts.ts";
import { mobileLayouts } from "./mobile-layouts.ts";
import { noticeLayouts } from "./notice-layouts.ts";
import { speiLayouts } from "./spei-layouts.ts";

/**
 * Banorte's mails, all of one sender: charges to an account, what was done by telephone, transfers between banks, and security.
 * Its own samples name no sender; this is the one that people's programs look for. Which domain signs them was never seen.
 */
export const banorte = institution({
  id: "banorte",
  name: "Banorte",
  senders: ["notificaciones@banorte.com"],
  dkimDomains: [],
  writing: MEXICO,
  layouts: [...speiLayouts, ...mobileLayouts, ...noticeLayouts, ...chargeLayouts],
});
