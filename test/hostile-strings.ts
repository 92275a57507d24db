/** What an expression's classes are tried with, besides the characters that it names itself. */
const USUAL = ["a", "1", " ", "x", "A", ".", "*", ":", "<", "[", "(", "é", "\n"];
/** Longer expressions are lists of words; each of these counts, but not every run of them. */
const MOST_PARTS = 24;
const LONGEST_RUN = 4;
const MOST_CHARACTERS = 10;

/** An atom with its quantifier: an escape, a class, a character; or what only holds them together. */
const TOKEN =
  /(\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|k<[^>]*>|[^])|\[(?:\\[^]|[^\]\\])*\]|\(\?(?:<?[=!]|:|<[^>]*>)|[^])(?:([*+?])\??|\{(\d+)(,?)\d*\}\??)?/gi;

/** A text that begins, then says the same over and over, then ends as the expression does not expect. */
export type HostileString = { readonly start: string; readonly again: string; readonly end: string };

/**
 * Strings that make an expression try the same places again and again, if any do: its own parts, runs of these and pairs of
 * its characters, repeated at the start and behind what the expression has in front of them.
 */
export function hostileStrings({ source, flags }: RegExp): HostileString[] {
  const atoms = [...source.matchAll(TOKEN)].map(([, atom = "", mark = "", count = "1"]) => ({
    texts: textsOf(atom, flags),
    times: Math.min(Number(count), 40),
    isLast: mark !== "" || count !== "1",
  }));
  const parts = partsOf(atoms);
  const characters = [...new Set(atoms.flatMap(({ texts }) => texts))].slice(0, MOST_CHARACTERS);
  const pairs = characters.flatMap((one) => characters.map((other) => (one === other ? one : one + other)));
  const runs = parts.flatMap((_, from) =>
    Array.from({ length: Math.min(LONGEST_RUN, parts.length - from) }, (_none, more) => ({
      start: parts.slice(0, from).join(""),
      again: parts.slice(from, from + more + 1).join(""),
    })),
  );
  const begun = [
    ...pairs.map((again) => ({ start: "", again })),
    ...runs,
    ...runs.map(({ again }) => ({ start: "", again })),
  ];
  const known = new Map(begun.map((text) => [JSON.stringify(text), text]));
  return [...known.values()].flatMap((text) => ["", "\u0001"].map((end) => ({ ...text, end })));
}

/** The hostile text of about that many characters. */
export function hostileText({ start, again, end }: HostileString, length: number): string {
  return start + again.repeat(Math.ceil(length / again.length)) + end;
}

type Atom = { readonly texts: readonly string[]; readonly times: number; readonly isLast: boolean };

/** Words as the expression has them, cut at its brackets, its alternatives and its quantifiers. */
function partsOf(atoms: readonly Atom[]): string[] {
  const parts = [""];
  for (const { texts, times, isLast } of atoms) {
    parts.push(`${parts.pop() ?? ""}${(texts[0] ?? "").repeat(times)}`);
    if (isLast || texts.length === 0) parts.push("");
  }
  return parts.filter((part) => part !== "").slice(0, MOST_PARTS);
}

/** Characters that the atom fits; none for brackets and places. */
function textsOf(atom: string, flags: string): string[] {
  if (atom.length === 1 && !"^$|().".includes(atom)) return [atom];
  if (!/^(?:\.|\\[^bBk\d]|\[)/.test(atom)) return [];
  const fits = new RegExp(`^(?:${atom})$`, flags.replaceAll(/[gy]/g, ""));
  const named = atom.startsWith("[")
    ? [...atom.slice(1, -1).replaceAll(/\\[pP]\{[^}]*\}|\\[a-z]/g, "")]
    : [atom.slice(1)];
  return [...USUAL, ...named].filter((text) => fits.test(text)).slice(0, 4);
}
