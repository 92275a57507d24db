import { describe, expect, it } from "vitest";

import { mailOf, parserFixtures } from "../test/parser-fixtures.ts";
import { understand } from "./understand.ts";

describe("understanding the mails in parsers/*/fixtures", () => {
  it.each(parserFixtures())("reads $institution/$name as its .expected.json says", async (fixture) => {
    const { institution, outcome, reason, date, events } = understand(mailOf(fixture));
    const written = `${JSON.stringify({ institution, outcome, reason, date, events }, null, 2)}\n`;
    await expect(written).toMatchFileSnapshot(fixture.expectedPath);
  });
});
