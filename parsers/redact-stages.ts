/** A number below `choices`, always the same for the same word, that nobody can tell the word from. */
export type Draw = (word: string, choices: number) => number;

/** Replaces what a pattern finds; what it answers null for is left to the stages behind it. */
export type Stage = {
  /** With the flag `g`. */
  readonly pattern: RegExp;
  readonly replace: (match: RegExpExecArray) => string | null;
};

/** Lets stages replace parts of a text, one after the other: what one has replaced no other one sees. */
export function inStages(stages: readonly Stage[]): (text: string) => string {
  return stages.reduceRight<(text: string) => string>(
    (rest, stage) => (text) => replaceApart(text, stage, rest),
    (text) => text,
  );
}

function replaceApart(text: string, { pattern, replace }: Stage, rest: (text: string) => string): string {
  let replaced = "";
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const words = replace(match);
    if (words === null) continue;
    replaced += rest(text.slice(from, match.index)) + words;
    from = match.index + match[0].length;
  }
  return replaced + rest(text.slice(from));
}
