import { describe, expect, it } from "vitest";

import { mailOf, parserFixtures, type ParserFixture } from "../test/parser-fixtures.ts";
import { understand } from "./understand.ts";

const isOfSet = ({ expectedPath }: ParserFixture): boolean => expectedPath.endsWith(".txt");
const single = parserFixtures().filter((fixture) => !isOfSet(fixture));
const sets = Map.groupBy(parserFixtures().filter(isOfSet), ({ expectedPath }) => expectedPath);

describe("understanding the mails in parsers/*/fixtures", () => {
  it.each(single)("reads $institution/$name as its .expected.json says", async (fixture) => {
    const { institution, outcome, reason, date, events } = understand(mailOf(fixture));
    const written = `${JSON.stringify({ institution, outcome, reason, date, events }, null, 2)}\n`;
    await expect(written).toMatchFileSnapshot(fixture.expectedPath);
  });

  it.each([...sets])("reads the mails beside %s as it says", async (path, fixtures) => {
    await expect(`${fixtures.map(inWords).join("\n\n")}\n`).toMatchFileSnapshot(path);
  });
});

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
