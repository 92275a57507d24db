import { institution, notice } from "../institution.ts";
import { oneTimePassword } from "../one-time-password.ts";
import { INDIA } from "../writing.ts";
import { accountLayouts } from "./account-layouts.ts";
import { cardLayouts } from "./card-layouts.ts";
import { upiLayouts } from "./upi-layouts.ts";

/**
 * Kotak Mahindra Bank's alerts, and those of its app Kotak811. India's banks moved to `.bank.in`, so most senders have two
 * addresses. Mails that say no more than that a transaction was processed name nobody and are not read. Which domain signs
 * any of them was not verified yet, so none is required.
 */
export const kotak = institution({
  id: "kotak",
  name: "Kotak Mahindra Bank",
  senders: [
    "bankalerts@kotak.com",
    "bankalerts@kotak.bank.in",
    "creditcardalerts@kotak.com",
    "creditcardalerts@kotak.bank.in",
    "nach.alerts@kotak.com",
    "nach.alerts@kotak.bank.in",
    "no-reply@kotak.com",
  ],
  dkimDomains: [],
  writing: INDIA,
  layouts: [
    notice({
      name: "balance",
      sample: "described",
      subject: "Balance update for your Kotak Bank account",
      reason: "A balance is no transaction.",
    }),
    ...upiLayouts,
    ...accountLayouts,
    ...cardLayouts,
    oneTimePassword,
  ],
});
