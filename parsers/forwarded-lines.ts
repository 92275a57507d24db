import type { Meter } from "./entities.ts";
import { beginsWithSender, readForwardedHeader, type ForwardedHeader } from "./forwarded-header.ts";
import {
  isAttribution,
  isForwardMarker,
  isForwardSubject,
  isReplySubject,
  LONGEST_WORDS,
  withoutForwardPrefix,
} from "./forwarded-words.ts";
import { quoteDepth, unquoted } from "./quotes.ts";
import { parserFor } from "./registry.ts";

/** The innermost mail of a forward. */
export type UnwrappedLines = {
  readonly header: ForwardedHeader;
  /** As the header has it, or what the forward's own subject says of it. */
  readonly subject: string;
  /** Its words, without quotation marks; empty lines are where they were. */
  readonly lines: readonly string[];
  /** How many headers stood around it. */
  readonly layers: number;
};

/** People forward what was forwarded to them; more often than this only machines do, and each time costs another pass. */
const MAX_LAYERS = 10;

/**
 * Takes the innermost mail out of the lines of a forward; null for what is no manual forward. What stands above it is
 * dropped. Stops at the first sender who is a known institution: what such a mail says further is its own.
 *
 * A line that says that a forwarded mail begins has to be followed by a header. Outlook writes no such line, and the same
 * header above what it quotes in a reply; Apple quotes that line. There the subject has to say that it is a forward, and
 * the header be complete.
 *
 * @param lines trimmed, white space folded
 * @param mayWrap whether a long line of a header may go on in the next one
 */
export function unwrapLines(
  lines: readonly string[],
  subject: string,
  mayWrap: boolean,
  meter: Meter,
): UnwrappedLines | null {
  let inner: UnwrappedLines | null = null;
  let rest = { subject, lines };
  for (let layers = 1; layers <= MAX_LAYERS; layers++) {
    const header = findHeader(rest.lines, rest.subject, mayWrap, meter);
    if (header === null) break;
    const body = unquotedBody(rest.lines.slice(header.end), meter);
    rest = { subject: header.subject ?? withoutForwardPrefix(rest.subject), lines: body };
    inner = { ...rest, header, layers };
    if (parserFor(header.from) !== null) break;
  }
  return inner;
}

function findHeader(lines: readonly string[], subject: string, mayWrap: boolean, meter: Meter): ForwardedHeader | null {
  if (isReplySubject(subject)) return null;
  const saysForward = isForwardSubject(subject);
  for (const [at, line] of lines.entries()) {
    meter.work += 1 + Math.min(line.length, LONGEST_WORDS);
    if (isForwardMarker(line)) {
      const header = readForwardedHeader(lines, at + 1, mayWrap, meter);
      if (header !== null && (header.date !== null || header.subject !== null)) return header;
    } else if (saysForward && beginsWithSender(line)) {
      const header = readForwardedHeader(lines, at, false, meter);
      if (header !== null && isComplete(header)) return header;
    } else if (!saysForward && isAttribution(lines[at - 1] ?? "", line)) return null;
  }
  return null;
}

function isComplete({ date, subject, to }: ForwardedHeader): boolean {
  return date !== null && /\d/.test(date) && subject !== null && to !== null;
}

/** Takes off as many marks as stand in front of the first words. */
function unquotedBody(lines: readonly string[], meter: Meter): string[] {
  const depth = quoteDepth(lines.find((line) => line !== "") ?? "");
  return lines.map((line) => {
    const words = unquoted(line, depth);
    meter.work += 1 + line.length - words.length;
    return words;
  });
}
