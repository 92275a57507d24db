import type { Parser } from "./parser.ts";

const START = "<!-- institutions -->";
const END = "<!-- /institutions -->";

/** The text of the README with its list of institutions, between the two markers, made to agree with the parsers. */
export function withInstitutionsList(readme: string, parsers: readonly Parser[]): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start) throw new Error(`The README lacks the markers ${START} and ${END}.`);
  return `${readme.slice(0, start + START.length)}\n\n${institutionsList(parsers)}\n\n${readme.slice(end)}`;
}

function institutionsList(parsers: readonly Parser[]): string {
  return parsers.map((parser) => `- **${parser.name}**: ${parser.layouts.map(layoutName).join(", ")}`).join("\n");
}

function layoutName({ name, sample }: Parser["layouts"][number]): string {
  return sample === "real" ? name : `${name} (from descriptions alone, no real mail seen yet)`;
}
