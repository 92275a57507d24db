import { doubtful, eventFromWords, type EventReading, type EventWords } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";

/** The amount stands at the top of mails of some fifty lines; a body could hold half a million that begin like it. */
const MOST_LINES = 500;
/** In how many pieces an amount stands: sign, whole, point, fraction. */
const MOST_PIECES = 4;

/**
 * The event whose amount is that of the subject, which alone has it in one piece; fails when the body does not say the
 * same. Its words are those of the body, where people look for them.
 */
export function eventFromSubject(kind: EventKind, words: EventWords, { lines, date }: ReadableMail): EventReading {
  const reading = eventFromWords(kind, words, { mail: { date } });
  if ("failed" in reading) return reading;
  const amount = words.amount === null ? null : writtenAmount(lines, words.amount);
  if (amount === null) return { failed: doubtful("amount") };
  return { ...reading, words: { ...reading.words, amount } };
}

/** That amount as it stands in one of the lines, or in pieces on lines that follow one another; null when it does not. */
export function writtenAmount(lines: readonly string[], amount: string): string | null {
  for (const [at, line] of lines.slice(0, MOST_LINES).entries()) {
    const [first = null] = /\$[\d.,]*$/.exec(line) ?? [];
    if (first === null) continue;
    const below = lines.slice(at + 1, at + MOST_PIECES);
    const end = below.findIndex((piece) => !/^[\d.,]+$/.test(piece));
    const pieces = [first, ...below.slice(0, end === -1 ? MOST_PIECES : end)];
    const last = pieces.findIndex((_, index) => areOf(amount, pieces.slice(0, index + 1)));
    if (last !== -1) return pieces.slice(0, last + 1).join(" ");
  }
  return null;
}

/** Whether it was cut into these pieces, perhaps with its point hidden in front of the last one. */
function areOf(amount: string, pieces: readonly string[]): boolean {
  return pieces.join("") === amount || `${pieces.slice(0, -1).join("")}.${pieces.at(-1)}` === amount;
}
