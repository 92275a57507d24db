import { hasPhrase, templateText } from "./template.ts";

/**
 * The values of a table whose heads stand in a row, one line each, and below them as many values: by head. Null when the
 * mail has no such row, when it has it twice, or when values are missing.
 */
export function valuesUnder(lines: readonly string[], heads: readonly string[]): ReadonlyMap<string, string> | null {
  if (!hasPhrase(templateText(lines), ` ${heads.join(" ")} `)) return null;
  const places = lines.flatMap((_, at) => (heads.every((head, index) => lines[at + index] === head) ? [at] : []));
  const [at] = places;
  if (at === undefined || places.length > 1) return null;
  const values = lines.slice(at + heads.length, at + 2 * heads.length);
  return values.length < heads.length ? null : new Map(heads.map((head, index) => [head, values[index] ?? ""]));
}
