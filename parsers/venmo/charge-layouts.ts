import { readLabelled } from "../labelled.ts";
import { eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import type { ReadableMail } from "../parser.ts";
import { parseWhen } from "../when.ts";
import { US } from "../writing.ts";
import { eventFromSubject } from "./written-amount.ts";

/** The time stands at the top; a body could hold a hundred thousand lines that look like one. */
const MOST_LINES = 50;

/**
 * What shops charge: a receipt, and a mail with another total when the tip was added. Both are purchases; that they are one
 * is proposed to the person, who alone knows.
 */
export const chargeLayouts: readonly Layout[] = [
  { name: "receipt", sample: "described", kinds: ["purchase"], read: readReceipt },
  { name: "updated-total", sample: "described", kinds: ["purchase"], read: readUpdatedTotal },
];

function readReceipt(mail: ReadableMail): LayoutReading | null {
  const [, merchant = null, amount = null] = /^Receipt from (.+) - (\$\S+)$/.exec(mail.subject) ?? [];
  if (merchant === null) return null;
  const isTime = (line: string) => / P[SD]T$/.test(line) && parseWhen(line, US, mail.date) !== null;
  const occurred = mail.lines.slice(0, MOST_LINES).find(isTime) ?? "";
  return eventFromSubject("purchase", { amount, merchant, occurred, card: null }, mail);
}

/** The sentence names the day of the purchase and its first amount; the new one stands behind a label. */
function readUpdatedTotal({ subject, lines, date }: ReadableMail): LayoutReading | null {
  const [, merchant = null] = /^Updated total from (.+)$/.exec(subject) ?? [];
  if (merchant === null) return null;
  const SENTENCE = /updated the amount they charged you\. On ([^$]{1,40}), you authorized a charge for \$\d/;
  const [, occurred = null] = SENTENCE.exec(lines.join(" ")) ?? [];
  const amount = readLabelled(lines, ["Total"]).get("Total") ?? null;
  return eventFromWords("purchase", { amount, merchant, occurred, card: null }, { mail: { date } });
}
