import { withoutFullWidth } from "./full-width.ts";
import type { LabelRole } from "./generic-language.ts";
import { fold } from "./generic-phrases.ts";
import { labelRoles, languageOf, type Words } from "./generic-words.ts";
import type { ReadableMail } from "./parser.ts";

/** Lines that belong together: one, or a sentence that was wrapped. Places in `folded` are places in `text`. */
export type Passage = { readonly text: string; readonly folded: string };

/** A place in a passage of the page. */
export type Place = { readonly passage: number; readonly start: number; readonly end: number };

/** A value with a label, and the passage that its label stands in. */
export type Labelled = Place & { readonly role: LabelRole; readonly label: string };

/** A mail as the generic parser sees it. Passage 0 is the subject. */
export type Page = {
  readonly passages: readonly Passage[];
  readonly labelled: readonly Labelled[];
  /** The passages that begin with a label. */
  readonly heads: ReadonlySet<number>;
  readonly words: Words;
};

/** Alerts have some fifty short lines; what is longer is a newsletter, or an attack on the time that reading takes. */
const MAX_LINES = 300;
const MAX_CHARACTERS = 20_000;
/** Shorter lines end where they were meant to. */
const MIN_WRAPPED = 40;
const MAX_LABEL = 40;

/** Makes a mail ready; null when it is too long for an alert. */
export function pageOf({ subject, lines }: ReadableMail): Page | null {
  const size = lines.reduce((sum, line) => sum + line.length, subject.length);
  if (lines.length > MAX_LINES || size > MAX_CHARACTERS) return null;
  const texts = [subject, ...joinWrapped(lines)].map(plainOf);
  const passages = texts.map((text) => ({ text, folded: fold(text) }));
  const words = languageOf(passages.map(({ folded }) => folded).join("\n"));
  const heads = passages.flatMap(({ folded }, at) => (at > 0 && labelIn(folded) !== null ? [at] : []));
  return { passages, labelled: labelledIn(passages), heads: new Set(heads), words };
}

/** The text as it is read: one width, one kind of blank, and no marks of bold words around what is a value. */
function plainOf(text: string): string {
  return withoutFullWidth(text).replaceAll(/[\s\ue000]/g, " ");
}

function joinWrapped(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let last = "";
  for (const line of lines) {
    // Some mails give a sign and the digits lines of their own.
    if (/^\p{Sc}[\d.,]*$/u.test(joined.at(-1) ?? "") && /^[\d.,]+$/.test(line)) {
      joined[joined.length - 1] += line;
      continue;
    }
    const isWrapped = last.length >= MIN_WRAPPED && /[\p{Ll}\p{N},]$/u.test(last) && isMiddle(last, line);
    if (isWrapped) joined[joined.length - 1] += ` ${line}`;
    else joined.push(line);
    last = line;
  }
  return joined;
}

function isMiddle(last: string, line: string): boolean {
  return labelIn(fold(line)) === null && (/^[\p{Ll}\d(]/u.test(line) || / \p{Ll}{1,4}$/u.test(last));
}

type Label = { readonly role: LabelRole; readonly label: string; readonly valueAt: number; readonly hasColon: boolean };

/** The label at the start of a passage; its value may stand on the same line. */
function labelIn(folded: string): Label | null {
  // Copies of a mail put asterisks around bold words: `*Date* 08/30/2018`.
  const colon = folded.search(/:|(?<=\p{L})\*:? | - /u);
  const head = colon === -1 || colon > MAX_LABEL ? folded : folded.slice(0, colon);
  if (head.length > MAX_LABEL) return null;
  const label = head
    .replaceAll(/[*#]/g, "")
    .replaceAll(/ +/g, " ")
    .trim()
    .replace(/^[-•] /, "")
    .replace(/ \(.*\)$/, "");
  const role = labelRoles.get(label);
  if (role === undefined) return null;
  const hasColon = head.length < folded.length;
  const rest = hasColon ? /^[\s:-]*(?:\*:? |\*$)?/.exec(folded.slice(head.length)) : null;
  return { role, label, hasColon, valueAt: head.length + (rest?.[0].length ?? 0) };
}

function labelledIn(passages: readonly Passage[]): Labelled[] {
  const labels = passages.map(({ folded }, index) => (index === 0 ? null : labelIn(folded)));
  const isHead = (index: number): boolean => {
    const label = labels[index];
    return label !== undefined && label !== null && !label.hasColon;
  };
  const values: Labelled[] = [];
  for (let index = 1; index < passages.length; index++) {
    const label = labels[index];
    if (label === undefined || label === null) continue;
    let heads = 1;
    while (isHead(index) && isHead(index + heads)) heads++;
    // Heads of a table in a row: their values stand in a row below.
    for (let head = 0; head < heads; head++) {
      const own = labels[index + head];
      const valueIndex = index + head + heads;
      if (own === undefined || own === null) continue;
      const value = valueOf(passages, labels, own, index + head, valueIndex);
      if (value !== null) values.push({ ...value, role: own.role, label: own.label });
    }
    index += heads > 1 ? heads - 1 : 0;
  }
  return values;
}

function valueOf(
  passages: readonly Passage[],
  labels: readonly (Label | null)[],
  { valueAt }: Label,
  at: number,
  below: number,
): Place | null {
  const own = passages[at]?.text ?? "";
  if (valueAt < own.length) return trimmed(own, { passage: at, start: valueAt, end: own.length });
  const next = passages[below]?.text;
  if (next === undefined || (labels[below] ?? null) !== null) return null;
  return trimmed(next, { passage: below, start: 0, end: next.length });
}

/** Without the asterisks of bold words and blanks around the value. */
function trimmed(text: string, { passage, start, end }: Place): Place | null {
  let [from, to] = [start, end];
  while (from < to && /[ :]/.test(text[from] ?? "")) from++;
  while (to > from && text[to - 1] === " ") to--;
  if (to - from > 2 && text[from] === "*" && text[to - 1] === "*")
    return trimmed(text, { passage, start: from + 1, end: to - 1 });
  return from === to ? null : { passage, start: from, end: to };
}

/** The words at a place. */
export function textAt({ passages }: Page, { passage, start, end }: Place): string {
  return passages[passage]?.text.slice(start, end) ?? "";
}
