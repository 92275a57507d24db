import { institution, labelled, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { templateText } from "../template.ts";
import { SINGAPORE } from "../writing.ts";

const TABLE = { amount: "Amount :", when: ["Date :", "Time :"] };

/**
 * OCBC's alerts. `13:22 PM` is its way to write the time. PayNow names whom it paid in a sentence, NETS in the table.
 * Which domain signs the mails was never seen.
 */
export const ocbc = institution({
  id: "ocbc",
  name: "OCBC",
  senders: ["notifications@ocbc.com", "noreply@notify.ocbc.com"],
  dkimDomains: [],
  writing: SINGAPORE,
  layouts: [
    sentence({
      name: "card",
      sample: "real",
      kind: "purchase",
      sentence:
        "We wish to inform you that {amount} was charged at {when} to your card ({card}) at {merchant}.\nDid not make",
    }),
    withColonsJoined(
      labelled({
        name: "nets-qr",
        sample: "real",
        kind: "purchase",
        says: "The following NETS QR payment has been made",
        labels: { ...TABLE, merchant: "To :" },
      }),
    ),
    withColonsJoined(
      sentence({
        name: "paynow-sent",
        sample: "real",
        kind: "transfer",
        sentence: "The following PayNow transfer has been made to {merchant} using ",
        labels: TABLE,
      }),
    ),
  ],
});

/** The layout for mails whose table has the colon in the value's cell. */
function withColonsJoined(layout: Layout): Layout {
  const read: Layout["read"] = (mail, writing) => {
    if (!templateText(mail.lines).lined.includes("\n: ")) return layout.read(mail, writing);
    const lines = mail.lines.flatMap((line, at) => {
      if (line.startsWith(": ") && at > 0) return [];
      const next = mail.lines[at + 1] ?? "";
      return [next.startsWith(": ") ? `${line} ${next}` : line];
    });
    return layout.read({ ...mail, lines }, writing);
  };
  return { ...layout, read };
}
