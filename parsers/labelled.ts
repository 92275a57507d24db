import { templateText } from "./template.ts";

/** What a mail that names its values by labels says: the value of each label that it has, null when that is doubtful. */
export type Labelled = ReadonlyMap<string, string | null>;

/**
 * Reads values by their labels. A label stands at the start of a line, its value behind it or, when nothing is, on the line
 * below; a currency's sign that has a line of its own belongs to the line below it. Labels end with their colon, if they
 * have one. The asterisks that copies of a mail put around bold words do not count: `Amount: *$4.99*`, `*Date* 08/30/2018`.
 *
 * A value is null when its line is missing or is another label, or when its label stands there more than once.
 */
export function readLabelled(lines: readonly string[], labels: readonly string[]): Labelled {
  const values = new Map<string, string | null>();
  const there = labelsIn(lines, labels);
  if (there.length === 0) return values;
  for (const [index, line] of lines.entries()) {
    const label = there.find((candidate) => behindLabel(line, candidate) !== null);
    if (label === undefined) continue;
    const value = behindLabel(line, label) || valueBelow(lines, index, there);
    values.set(label, values.has(label) ? null : value);
  }
  return values;
}

/** The place of the first line that begins with one of the labels; the number of lines when none does. */
export function firstLabel(lines: readonly string[], labels: readonly string[]): number {
  return placeOf(lines, labelsIn(lines, labels));
}

/** The lines cut in front of each one that begins with the label; one block, perhaps an empty one, when none does. */
export function blocksFrom(lines: readonly string[], label: string): string[][] {
  let block: string[] = [];
  const blocks = [block];
  for (const line of lines) {
    if (block.length > 0 && behindLabel(line, label) !== null) blocks.push((block = []));
    block.push(line);
  }
  return blocks;
}

/** Those of the labels that stand anywhere: few of an institution's are in a mail of another form. */
function labelsIn(lines: readonly string[], labels: readonly string[]): string[] {
  const { lined } = templateText(lines);
  return labels.filter((label) => lined.includes(label));
}

function placeOf(lines: readonly string[], labels: readonly string[]): number {
  const first = lines.findIndex((line) => labels.some((label) => behindLabel(line, label) !== null));
  return first === -1 ? lines.length : first;
}

/** The words behind the label on its line, perhaps none; null when the line does not begin with that label. */
function behindLabel(line: string, label: string): string | null {
  const start = line.startsWith("*") ? 1 : 0;
  if (!line.startsWith(label, start)) return null;
  const behind = line.slice(start + label.length);
  // A longer word begins like the label.
  if (!/[:：】]$/.test(label) && /^[\p{L}\p{N}]/u.test(behind)) return null;
  const rest = behind.trimStart();
  return unbold(/^\*(?: |$)/.test(rest) ? rest.slice(1).trimStart() : rest);
}

function valueBelow(lines: readonly string[], index: number, labels: readonly string[]): string | null {
  const below = lines.slice(index + 1, index + 3);
  const [value, more] = below.slice(0, placeOf(below, labels)).map(unbold);
  if (value === "$") return more === undefined ? null : `${value} ${more}`;
  return value ?? null;
}

/** Only asterisks on both sides are marks of bold words: `SQ *CAFE` and `PAYPAL *` are names. */
function unbold(text: string): string {
  return /^\*.+\*$/.test(text) ? text.slice(1, -1).trim() : text;
}
