/** What a line of a forwarded mail's header names; `other` is passed over. */
export type HeaderField = "from" | "date" | "to" | "subject" | "other";

/*
 * The words that mail programs put around a mail that somebody forwards: Gmail, Outlook, Apple Mail, Proton, Yahoo and
 * Thunderbird in English, Spanish, Portuguese, French and German. All in the form that `folded` gives them.
 */

const LABELS: ReadonlyMap<string, HeaderField> = new Map([
  ...named("from", ["from", "de", "von"]),
  ...named("date", ["date", "fecha", "data", "datum"]),
  ...named("date", ["sent", "enviado", "enviado el", "enviada em", "enviado em", "envoye", "envoye le", "gesendet"]),
  ...named("to", ["to", "para", "a", "pour", "an"]),
  ...named("subject", ["subject", "asunto", "assunto", "objet", "sujet", "betreff"]),
  ...named("other", ["cc", "bcc", "cco", "cci", "copia", "copie", "copie a", "kopie", "kopie (cc)"]),
  ...named("other", ["reply-to", "responder a", "responder para", "repondre a", "antwort an", "importance"]),
]);

/** Between dashes: `---------- Forwarded message ---------`. Gmail has it in English whatever the language of the rest. */
const BETWEEN_DASHES: ReadonlySet<string> = new Set([
  "forwarded message",
  "mensaje reenviado",
  "mensagem encaminhada",
  "mensagem reencaminhada",
  "message transfere",
  "message transmis",
  "weitergeleitete nachricht",
]);

/** Before a colon: `Begin forwarded message:`. */
const BEFORE_COLON: ReadonlySet<string> = new Set([
  "begin forwarded message",
  "inicio del mensaje reenviado",
  "inicio da mensagem encaminhada",
  "inicio da mensagem reencaminhada",
  "debut du message reexpedie",
  "debut du message transfere",
  "anfang der weitergeleiteten nachricht",
]);

const FORWARD_PREFIX = /^\s*(?:(?:fwd?|rv|tr|wg|enc)\s?:\s*)+/i;
const REPLY_PREFIX = /^\s*(?:re|res|aw)(?:\[\d+\])?\s?:/i;

/** How the line above a quotation in a reply ends: somebody wrote, in German with the name behind it. */
const ATTRIBUTION = /(?:^| )(?:wrote|escribio|escreveu|a ecrit|schrieb)(?: [^:]{1,100})? ?:$/;

/** No marker and no label is longer. */
export const LONGEST_WORDS = 60;
const LONGEST_ATTRIBUTION = 300;

/** The field that a label names, without its colon; undefined for every other text. */
export function fieldNamed(label: string): HeaderField | undefined {
  return LABELS.get(folded(label));
}

/** Whether the line says, all of it, that a forwarded mail begins. */
export function isForwardMarker(line: string): boolean {
  if (line.length > LONGEST_WORDS) return false;
  const dashed = /^-{3,} ?([^-]+?) ?-{3,}$/.exec(line)?.[1];
  if (dashed !== undefined) return BETWEEN_DASHES.has(folded(dashed));
  return line.endsWith(":") && BEFORE_COLON.has(folded(line.slice(0, -1)).trim());
}

/** Whether the two lines in a row end with what stands above a quotation in a reply: when it was and who wrote, often on two. */
export function isAttribution(previous: string, line: string): boolean {
  if (!line.endsWith(":")) return false;
  const words = `${previous.slice(-LONGEST_ATTRIBUTION)} ${line.slice(-LONGEST_ATTRIBUTION)}`;
  return /\d/.test(words) && ATTRIBUTION.test(folded(words));
}

/** Whether a mail program wrote in front of the subject that the mail is a forward. */
export function isForwardSubject(subject: string): boolean {
  return FORWARD_PREFIX.test(subject);
}

/** Whether a mail program wrote in front of the subject that the mail is a reply. */
export function isReplySubject(subject: string): boolean {
  return REPLY_PREFIX.test(subject);
}

/** The subject that was forwarded. */
export function withoutForwardPrefix(subject: string): string {
  return subject.replace(FORWARD_PREFIX, "").trim();
}

function named(field: HeaderField, labels: readonly string[]): (readonly [string, HeaderField])[] {
  return labels.map((label) => [label, field]);
}

function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
