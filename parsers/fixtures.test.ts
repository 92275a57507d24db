import { describe, expect, it } from "vitest";

import { isOfSet, readingOf } from "../test/expected-reading.ts";
import { parserFixtures } from "../test/parser-fixtures.ts";

const single = parserFixtures().filter((fixture) => !isOfSet(fixture));
const sets = Map.groupBy(parserFixtures().filter(isOfSet), ({ expectedPath }) => expectedPath);

describe("understanding the mails in parsers/*/fixtures", () => {
  it.each(single)("reads $institution/$name as its .expected.json says", async (fixture) => {
    await expect(readingOf(fixture)).toMatchFileSnapshot(fixture.expectedPath);
  });

  it.each([...sets])("reads the mails beside %s as it says", async (path, fixtures) => {
    await expect(`${fixtures.map(readingOf).join("\n\n")}\n`).toMatchFileSnapshot(path);
  });
});
