import { globSync, readFileSync } from "node:fs";
import { parseAst } from "vitest/node";

const ROOT = `${import.meta.dirname}/..`;

/** One regular expression of the program. */
export type FoundExpression = { readonly file: string; readonly expression: RegExp };

/** What the source files of these folders hold, tests and measurements left out. */
export function expressionsIn(folders: readonly string[]): {
  readonly literals: FoundExpression[];
  /** The files in which an expression is built while the program runs. */
  readonly built: string[];
} {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: ROOT },
  );
  const sources = files
    .filter((file) => !/\.(?:test|measure[\w-]*)\.ts$/.test(file))
    .toSorted()
    .map((file) => ({ file, source: readFileSync(`${ROOT}/${file}`, "utf8") }));
  return {
    literals: sources.flatMap(({ file, source }) => literalsOf(source).map((expression) => ({ file, expression }))),
    built: sources.filter(({ source }) => /\bRegExp\(/.test(source)).map(({ file }) => file),
  };
}

function literalsOf(source: string): RegExp[] {
  const found: RegExp[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("value" in node && node.value instanceof RegExp) found.push(node.value);
    else for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(source, { lang: "ts" }));
  return found;
}
