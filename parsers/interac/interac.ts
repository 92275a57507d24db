import { institution, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { CANADA } from "../writing.ts";

/**
 * Interac's mails about e-Transfers, which it sends for most Canadian banks. All of it is money that people move, none is
 * spending. The other side's own message stands in the middle of some, so nothing is taken from there. French ones write
 * `25,00 $`. Which domain signs them was never seen.
 */
export const interac = institution({
  id: "interac",
  name: "Interac e-Transfer",
  senders: ["notify@payments.interac.ca", "catch@payments.interac.ca"],
  dkimDomains: [],
  writing: { ...CANADA, decimal: null },
  layouts: [
    confirmedBelow(
      "Funds Deposited!",
      sentence({
        name: "received",
        sample: "real",
        kind: "deposit",
        says: "Your funds have been automatically deposited into your account",
        sentence: "Sent From: {merchant} Amount: {amount} (CAD)",
        labels: { when: ["Date:"], card: "Account ending in" },
      }),
    ),
    confirmedBelow(
      "Les fonds ont été déposés!",
      sentence({
        name: "received-in-french",
        sample: "real",
        kind: "deposit",
        says: "Précisions sur le virement",
        sentence: "Envoyé par : {merchant} Montant : {amount} (CAD)",
        labels: { when: ["Date :"] },
      }),
    ),
    sentence({
      name: "received-2024",
      sample: "real",
      kind: "deposit",
      sentence:
        "{merchant} has sent you a money transfer for the amount of {amount} (CAD) and the money has been automatically deposited",
    }),
    sentence({
      name: "sent",
      sample: "described",
      kind: "transfer",
      sentence: "The {amount} (CAD) you sent to {merchant} has been successfully deposited.",
    }),
    sentence({
      name: "sent-2020",
      sample: "described",
      kind: "transfer",
      sentence: "The money transfer you sent to {merchant} for the amount of {amount} (CAD) was accepted.",
    }),
  ],
});

/** The layout, for mails that have the same amount below their headline as well. */
function confirmedBelow(headline: string, layout: Layout): Layout {
  return {
    ...layout,
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("words" in reading)) return reading;
      const isConfirmed = mail.lines.join(" ").includes(`${headline} ${reading.words.amount} `);
      return isConfirmed ? reading : { failed: "This mail names two different amounts." };
    },
  };
}
