import { EVENT_KINDS, type EventKind, type Parser } from "./parser.ts";

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
  const rows = parsers.map(({ name, layouts, dkimDomains }) => {
    const real = kindsOf(layouts.filter(({ sample }) => sample === "real"));
    const described = kindsOf(layouts.filter(({ sample }) => sample === "described")).filter(
      (kind) => !real.includes(kind),
    );
    return `| ${name} | ${say(real)} | ${say(described)} | ${dkimDomains.join(", ") || "not seen yet"} |`;
  });
  return ["| institution | from real mails | from descriptions | signed by |", "|---|---|---|---|", ...rows].join("\n");
}

function kindsOf(layouts: Parser["layouts"]): EventKind[] {
  return EVENT_KINDS.filter((kind) => layouts.some(({ kinds }) => kinds.includes(kind)));
}

function say(kinds: readonly EventKind[]): string {
  return kinds.map((kind) => kind.replaceAll("_", " ")).join(", ") || "–";
}
