import { existsSync, readFileSync } from "node:fs";

import { understand } from "../parsers/understand.ts";
import { mailOf, type ParserFixture } from "./parser-fixtures.ts";

/** Whether what is expected of the fixture stands in a file with that of others, in lines to be read by people. */
export function isOfSet({ expectedPath }: ParserFixture): boolean {
  return expectedPath.endsWith(".txt");
}

/** What is understood of a fixture, as it is written into the file of expectations. */
export function readingOf(fixture: ParserFixture): string {
  return isOfSet(fixture) ? inWords(fixture) : asJson(fixture);
}

/** Whether a fixture is understood as its file of expectations says. */
export function isRight(fixture: ParserFixture): boolean {
  if (!existsSync(fixture.expectedPath)) return false;
  const expected = readFileSync(fixture.expectedPath, "utf8");
  const wanted = isOfSet(fixture) ? expected.trimEnd().split("\n\n") : [expected];
  return wanted.includes(readingOf(fixture));
}

function asJson(fixture: ParserFixture): string {
  const { institution, outcome, reason, date, events } = understand(mailOf(fixture));
  return `${JSON.stringify({ institution, outcome, reason, date, events }, null, 2)}\n`;
}

/** A line for the mail and one for each event: what happened, how much, with whom, with which card, when. */
function inWords(fixture: ParserFixture): string {
  const { outcome, reason, events } = understand(mailOf(fixture));
  const lines = events.map(({ kind, amountMinor, currency, merchant, card, occurred }) =>
    [`  ${kind} ${amountMinor} ${currency}`, merchant, card ?? "no card", occurred?.toString() ?? "no time"].join(
      " | ",
    ),
  );
  return [`${fixture.name}: ${outcome}. ${reason}`, ...lines].join("\n");
}
