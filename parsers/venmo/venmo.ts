import { institution, notice } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { US } from "../writing.ts";
import { chargeLayouts } from "./charge-layouts.ts";
import { paymentLayouts } from "./payment-layouts.ts";
import { eventFromSubject } from "./written-amount.ts";

/** Nothing but the subject was seen of it. */
const bankTransfer: Layout = {
  name: "bank-transfer",
  sample: "described",
  kinds: ["transfer"],
  read: (mail) => {
    const [, amount = null, bank = null] = /^Your (\$\S+) transfer from (.+) is complete$/.exec(mail.subject) ?? [];
    return bank === null
      ? null
      : eventFromSubject("transfer", { amount, merchant: bank, occurred: "", card: null }, mail);
  },
};

/**
 * Venmo's mails. They write the amount in pieces, so that it is taken from the subject and must stand in the body as well;
 * the day is that of the body, since the Date header may be of the next one in UTC. Which domain signs them was never seen.
 */
export const venmo = institution({
  id: "venmo",
  name: "Venmo",
  senders: ["venmo@venmo.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "transfer-initiated",
      sample: "described",
      subject: "Your Venmo bank transfer has been initiated",
      reason: "Money that moves between accounts of one's own is no spending.",
    }),
    {
      name: "transfer-begun",
      sample: "described",
      kinds: ["notice"],
      read: ({ subject }) =>
        /^You initiated a \$\S+ transfer/.test(subject)
          ? { skipped: "Money that moves between accounts of one's own is no spending." }
          : null,
    },
    bankTransfer,
    ...paymentLayouts,
    ...chargeLayouts,
  ],
});
