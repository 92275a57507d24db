/** How many marks of quotation, `> ` each, stand in front of a line. */
export function quoteDepth(line: string): number {
  let depth = 0;
  for (const character of line) {
    if (character === ">") depth += 1;
    else if (character !== " ") break;
  }
  return depth;
}

/** The line without as many of its marks of quotation; by default without any. */
export function unquoted(line: string, depth = Infinity): string {
  let at = 0;
  for (let level = 0; level < depth && line[at] === ">"; level++) at += line[at + 1] === " " ? 2 : 1;
  return at === 0 ? line : line.slice(at);
}
