import type { EventKind, ReadableMail, Reading } from "./parser.ts";
import { templateText } from "./template.ts";

/** What a mail says took money; what came back may well have been "reversed". */
const TAKES_MONEY: ReadonlySet<EventKind> = new Set(["purchase", "withdrawal", "fee"]);

/**
 * Words that say of a transaction that it failed or was taken back, each with the verb in front of it: "declined" alone may
 * be the name of a pub, and what "may be declined" was not.
 */
const FAILED: readonly RegExp[] = [
  /\b(?:was|were|been|we|and|transaction) (?:declined|reversed|rejected|refused|unsuccessful)\b/i,
  /\b(?:fue|sido|está) (?:rechazad|denegad|declinad|reversad|anulad)[ao]\b/i,
  /\bno fue (?:exitos|aprobad|procesad|realizad)[ao]\b/i,
  /\bfoi (?:recusad|negad|estornad)[ao]\b/i,
  /\bnão foi (?:aprovad|autorizad)[ao]\b/i,
  /\ba été (?:refusé|annulé)/i,
  /\bwurde (?:abgelehnt|storniert)\b/i,
  /ご利用いただけ(?:ませんでした|なかった)|成立し(?:ませんでした|ていません)/,
];

/** In a subject one word is enough, unless it stands in the shop's name. A question there asks whether it was you. */
const DOUBTFUL_SUBJECT =
  /\b(?:declined|reversed|rechazad|denegad|declinad|reversad|recusad|negada|refusé|abgelehnt)|[?？]\s*$/i;

const REASON = "This mail does not say clearly what became of the transaction.";

/**
 * The reading, except that a purchase in a mail which says somewhere that the transaction failed, or asks about it, is not
 * understood: banks send what was declined, reversed or suspected in the form of what was approved, with one line more.
 */
export function unlessItFailed({ subject, lines }: ReadableMail, reading: Reading): Reading {
  if (reading.outcome !== "understood") return reading;
  const spent = reading.events.filter(({ kind }) => TAKES_MONEY.has(kind));
  if (spent.length === 0) return reading;
  const ownSubject = spent.reduce((rest, { words }) => rest.replaceAll(words.merchant || "\n", ""), subject);
  const body = templateText(lines).flat;
  const isDoubtful = DOUBTFUL_SUBJECT.test(ownSubject) || FAILED.some((words) => words.test(body));
  return isDoubtful ? { outcome: "failed", reason: REASON } : reading;
}
