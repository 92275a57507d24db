import type { EventKind, ReadableMail, Reading } from "./parser.ts";
import { templateText, type TemplateText } from "./template.ts";

/** What a mail says took money; what came back may well have been "reversed". */
const TAKES_MONEY: ReadonlySet<EventKind> = new Set(["purchase", "withdrawal", "fee"]);

/**
 * Words that say of a transaction that it failed or was taken back, each with the verb in front of it: "declined" alone may
 * be the name of a pub.
 */
const FAILED: readonly RegExp[] = [
  /\b(?:is|are|was|were|been|got|has|have|we|we['’]ve|and|transaction|payment|purchase|charge) (?:fully |partially |since |automatically )?(?:declined|denied|reversed|rejected|refused|blocked|stopped|cancell?ed|voided|refunded|unsuccessful)\b/gi,
  /\b(?:(?:is|was|were|has|have) not|(?:is|was|were|has|have)n['’]t) (?:been )?(?:approved|authori[sz]ed|completed|processed|successful|charged|posted|accepted|made|debited|paid)\b/gi,
  /\b(?:could not|couldn['’]t|cannot|can['’]t|can not|was unable to|unable to) (?:be |complete |process |authori[sz]e |approve )/gi,
  /\b(?:transaction|payment|purchase|charge|authorization|it)(?: has| have)? failed\b/gi,
  /\b(?:status|result|estado|estatus|situação|statut) ?:? ?(?:declined|denied|failed|reversed|rejected|refused|cancell?ed|voided|refunded|rechazad[ao]|denegad[ao]|negad[ao]|declinad[ao]|reversad[ao]|anulad[ao]|cancelad[ao]|fallid[ao]|recusad[ao]|refusé)/gi,
  /\b(?:fue|sido|está|es) (?:rechazad|denegad|negad|declinad|reversad|revertid|anulad|cancelad|fallid|bloquead|devuelt|reembolsad|extornad)[ao]\b/gi,
  /\bno (?:fue|ha sido|está|pudo ser) (?:exitos|aprobad|procesad|realizad|autorizad|completad|efectuad|cobrad)[ao]\b/gi,
  /\bno se (?:pudo|realizó|completó|procesó|autorizó|aprobó)(?= |\.)/gi,
  /\bfoi (?:recusad|negad|estornad|cancelad|bloquead)[ao]\b/gi,
  /\bnão foi (?:aprovad|autorizad|concluíd|processad|realizad)[ao]\b/gi,
  /\ba été (?:refusé|annulé|remboursé|bloqué)|\bn['’]a pas (?:été|pu) /gi,
  /\bwurde (?:abgelehnt|storniert|erstattet|nicht )|\bkonnte nicht\b/gi,
  /ご利用いただけ(?:ませんでした|なかった)|成立し(?:ませんでした|ていません)/g,
];

/** What is said of the case that it failed says nothing of this one; "when you tried to pay" does. */
const CONDITIONAL =
  /\b(?:if|when(?! you )|whenever|unless|whether|in case|may have|might have|could have|any (?:transaction|purchase|payment|charge)|si|cuando|caso|quando|lorsque|wenn|falls)\b|^(?:se|should) /i;

/** How far in front of the words their sentence is looked for; longer ones are none. */
const MAX_SENTENCE = 300;

/** In a subject one word is enough, unless it stands in the shop's name. A question there asks whether it was you. */
const DOUBTFUL_SUBJECT =
  /\b(?:declined|denied|reversed|reversal|refund|failed|unsuccessful|cancell?ed|voided|rechazad|denegad|declinad|reversad|reverso|anulad|cancelad|reembols|devoluci|recusad|negada|estorn|refusé|rembours|abgelehnt|storniert|erstattung)|[?？]\s*$/i;

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
  const isDoubtful = DOUBTFUL_SUBJECT.test(ownSubject) || saysThatItFailed(templateText(lines));
  return isDoubtful ? { outcome: "failed", reason: REASON } : reading;
}

function saysThatItFailed(text: TemplateText): boolean {
  return FAILED.some((words) =>
    text.flat.matchAll(words).some(({ 0: found, index }) => !CONDITIONAL.test(sentenceTo(text, index, found.length))),
  );
}

/** The words there with what stands in front of them in their sentence, which may be wrapped: its other lines begin small. */
function sentenceTo({ lined }: TemplateText, index: number, length: number): string {
  const before = lined.slice(Math.max(0, index - MAX_SENTENCE), index + length);
  return before.split(/[.!?;][ \n]|\n(?!\p{Ll})/u).at(-1) ?? before;
}
