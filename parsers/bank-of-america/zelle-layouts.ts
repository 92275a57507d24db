import { eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";

/** Each is one sentence, at the top and as the subject. Neither says when: it was on the day of the mail. */
export const zelleLayouts: readonly Layout[] = [
  {
    name: "zelle-sent",
    sample: "real",
    kinds: ["transfer"],
    read: (mail) =>
      readSentence("transfer", mail, /^Zelle\S* payment of (?<amount>\S+) to (?<person>.+) has been sent$/) ??
      readSentence("transfer", mail, /^You sent (?<amount>\$\S+) to (?<person>.+)$/),
  },
  {
    name: "zelle-received",
    sample: "real",
    kinds: ["deposit"],
    read: (mail) => readSentence("deposit", mail, /^(?<person>.+) (?:sent you|le envió) (?<amount>\$\S+)$/),
  },
];

/** Both places must say the same: below the sentence stands a message that the other side wrote. */
function readSentence(kind: EventKind, { subject, lines }: ReadableMail, sentence: RegExp): LayoutReading | null {
  const { amount = null, person = null } = sentence.exec(subject)?.groups ?? {};
  if (amount === null) return null;
  if (!lines.includes(subject)) return { failed: "The subject and the text of this mail do not say the same." };
  const card = /Sent from account ending in (\d{4})(?!\d)/.exec(lines.join(" "))?.[1] ?? null;
  return eventFromWords(kind, { amount, merchant: person, occurred: "", card });
}
