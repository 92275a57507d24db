import { institution, notice } from "../institution.ts";
import { readLabelled } from "../labelled.ts";
import { eventFromWords, type Layout } from "../layout.ts";
import { US } from "../writing.ts";

/** Says who sent it in its subject; the labels stand above a note that the sender wrote. */
const zelleReceived: Layout = {
  name: "zelle-received",
  sample: "described",
  kinds: ["deposit"],
  read: ({ subject, date, lines }) => {
    const [, person = null] = /^(.+) sent you a Zelle® payment\.?$/.exec(subject) ?? [];
    if (person === null) return null;
    const values = readLabelled(lines, ["Amount:", "Note:", "Date:"]);
    const words = { amount: values.get("Amount:") ?? null, merchant: person, occurred: values.get("Date:") ?? "" };
    return eventFromWords("deposit", { ...words, card: null }, { mail: { date } });
  },
};

/**
 * PNC's alerts. The wording of what its cards buy was never seen, so nothing of it is booked. Which domain signs them was
 * never seen either.
 */
export const pnc = institution({
  id: "pnc",
  name: "PNC",
  senders: ["pncalerts@pnc.com", "noreply.pncalerts@pnc.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "zelle-sent",
      sample: "described",
      subject: "You sent a Zelle® payment to ",
      reason: "Money that was sent with Zelle is a transfer, which is no spending.",
    }),
    zelleReceived,
    notice({
      name: "balance",
      sample: "described",
      subject: "Your Checking Account Available Balance Is ",
      reason: "A balance is no transaction.",
    }),
    notice({
      name: "daily-balance",
      sample: "described",
      subject: "Your Checking Account Balance",
      reason: "A balance is no transaction.",
    }),
  ],
});
