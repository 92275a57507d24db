import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { isSpending } from "../ledger/spending.ts";
import { institutionFolders, mailOf, parserFixtures } from "../test/parser-fixtures.ts";
import { personalData } from "../test/personal-data.ts";
import { withInstitutionsList } from "./institutions-list.ts";
import { parserFor, parsers } from "./registry.ts";
import { understand } from "./understand.ts";

const README = `${import.meta.dirname}/../README.md`;

describe("the registry of parsers", () => {
  it("has each folder's parser once, and no other", () => {
    expect(parsers.map(({ id }) => id).toSorted()).toEqual(institutionFolders().toSorted());
  });

  it("has no sender that two parsers claim, and writes them all in lower case", () => {
    const senders = parsers.flatMap((parser) => parser.senders);
    expect(new Set(senders).size).toBe(senders.length);
    expect(senders.map((sender) => sender.toLowerCase())).toEqual(senders);
  });

  it("finds a parser by each of its senders", () => {
    for (const parser of parsers) for (const sender of parser.senders) expect(parserFor(sender)).toBe(parser);
  });

  it.each([
    "chase@mcmap.chase.com",
    "no.reply.alerts@chase.com.evil.example",
    "no.reply.alerts@evil.example",
    "no.reply.alerts@mychase.com",
    "xno.reply.alerts@chase.com",
    "Chase <no.reply.alerts@chase.com>",
    "constructor",
    "",
  ])("finds none for %j", (from) => {
    expect(parserFor(from)).toBeNull();
  });

  it("names no layout twice within a parser", () => {
    for (const { layouts } of parsers) expect(new Set(layouts.map(({ name }) => name)).size).toBe(layouts.length);
  });
});

describe.each(parsers)("the fixtures of $name", ({ id, layouts, senders, dkimDomains }) => {
  const fixtures = parserFixtures().filter(({ institution }) => institution === id);
  const understood = fixtures.map((fixture) => understand(mailOf(fixture)));

  it("hold a mail that is booked, if its layouts tell of spending, and one that is not", () => {
    const tellsOfSpending = layouts.some(({ kinds }) => kinds.some(isSpending));
    const booked = understood.map(({ events }) => events.some(({ kind }) => isSpending(kind)));
    expect(new Set(booked)).toEqual(new Set(tellsOfSpending ? [true, false] : [false]));
  });

  it.each(layouts)("hold a mail of the layout $name, named after it", ({ name }) => {
    expect(fixtures.filter((fixture) => fixture.name === name || fixture.name.startsWith(`${name}-`))).not.toEqual([]);
  });

  it("show every kind of event that a layout says it reads, and no other", () => {
    for (const { name, kinds } of layouts) {
      const mails = understood.filter(({ layout }) => layout === name);
      const shown = mails.flatMap(({ outcome, events }) =>
        outcome === "nothing" ? ["notice"] : events.map(({ kind }) => kind),
      );
      expect([name, new Set(shown)]).toEqual([name, new Set(kinds)]);
    }
  });

  it.each(fixtures)("say nothing about a real person in $name", ({ payload }) => {
    const text = payload.toString("utf8").replaceAll(String.raw`\r\n`, "\r\n");
    const domains = [...dkimDomains, ...senders.map((sender) => sender.slice(sender.indexOf("@") + 1))];
    expect(personalData(text, domains)).toEqual([]);
  });

  it.each(fixtures)("have what is expected of $name beside it", ({ expectedPath }) => {
    expect(existsSync(expectedPath)).toBe(true);
  });
});

describe("the check for a real person's data", () => {
  it.each([
    ["an address", "To: someone@gmail.com"],
    ["an address in a base64 word", `enid=${btoa("a=1&emailid=SOMEONE@GMAIL.COM&b")}`],
    ["an address that a soft line break cuts", "some=\r\none@gm=\r\nail.com"],
    ["a telephone number", "call (212) 555-0100 now"],
    ["a card number", "card 4111 1111 1111 1111"],
  ])("finds %s", (_, text) => {
    expect(personalData(text, ["chase.com"])).not.toEqual([]);
  });

  it("lets the institution's own addresses and the reserved ones pass", () => {
    expect(personalData("a@mcmap.chase.com b@example.com 1-877-242-7372", ["chase.com"])).toEqual([]);
  });
});

describe("the README's list of institutions", () => {
  it("agrees with the registry; `vitest run -u` writes it", async () => {
    await expect(withInstitutionsList(readFileSync(README, "utf8"), parsers)).toMatchFileSnapshot(README);
  });
});
