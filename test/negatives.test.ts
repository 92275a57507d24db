import { describe, expect, it } from "vitest";

import { isSpending } from "../ledger/spending.ts";
import { parsers } from "../parsers/registry.ts";
import { understand } from "../parsers/understand.ts";
import { negativeFiles, negativeMails, negativeText, type NegativeMail } from "./negative-mails.ts";
import { personalData } from "./personal-data.ts";

const MIN_MAILS = 300;
const MIN_OF_EACH = 150;

/**
 * What the generic parser proposes of senders that are not known, though it should not. A person sees it before anything is
 * booked, and those of the look-alikes are purchases word by word. The list only ever gets shorter.
 */
const PROPOSED: ReadonlySet<string> = new Set([
  "look-alikes.mails: phishing/full-width-dot",
  "look-alikes.mails: phishing/kelvin-sign-in-a-purchase-with-a-warning",
  "look-alikes.mails: phishing/no-subdomain",
  "look-alikes.mails: phishing/venmo",
  "look-alikes.mails: phishing/german-bank",
  "shops.mails: newsletter/spanish",
  "shops.mails: newsletter/german",
  "shops.mails: newsletter/portuguese",
  "unknown-banks-in-english.mails: fraud-question/labels",
]);

/** Domains that institutions advertise from, and the look-alike of one that was seen in the wild. */
const OTHER_DOMAINS = [
  "mcmap.chase.com",
  "member.americanexpress.com",
  "email.usbank.com",
  "notification.captialone.com",
];

const mails = negativeMails().map((negative) => ({ ...negative, understood: understand(negative.mail) }));
const unknown = mails.filter(({ understood }) => understood.institution === null);

describe("mails that must book nothing", () => {
  it("are many, of institutions and of others, each under a name of its own", () => {
    expect(mails.length).toBeGreaterThanOrEqual(MIN_MAILS);
    expect(unknown.length).toBeGreaterThanOrEqual(MIN_OF_EACH);
    expect(mails.length - unknown.length).toBeGreaterThanOrEqual(MIN_OF_EACH);
    expect(new Set(mails.map(nameOf)).size).toBe(mails.length);
  });

  it("are of these families", () => {
    const families = Map.groupBy(mails, ({ file }) => file)
      .entries()
      .map(([file, some]) => `${file}: ${[...new Set(some.map(({ family }) => family))].toSorted().join(" ")}`);
    expect([...families].join("\n")).toMatchInlineSnapshot(`
      "american-banks.mails: announced balance credit-limit declined digest dispute fraud-question loan marketing money-received money-request newsletter payment-due payment-received refund-announced rewards security-notice settings sign-in-code statement transfer travel-notice
      asian-banks.mails: announced credit-limit declined marketing money-received payment-received security-notice settings sign-in-code statement transfer
      canadian-banks.mails: balance credit-limit declined digest fraud-question money-received money-request payment-due payment-received security-notice sign-in-code statement transfer unfilled
      indian-banks.mails: announced balance credit-limit declined marketing money-received payment-due payment-received refund-announced reversed settings sign-in-code statement transfer
      latin-american-banks.mails: declined marketing money-received payment-due payment-received reversed security-notice settings sign-in-code statement transfer
      look-alikes.mails: phishing
      marketing-siblings.mails: credit-limit loan marketing newsletter rewards
      shops.mails: marketing newsletter order receipt refund-announced rewards shipping subscription
      unknown-banks-in-english.mails: announced balance credit-limit declined digest dispute fraud-question loan marketing money-received money-request newsletter payment-due payment-received refund-announced reversed rewards security-notice settings sign-in-code statement tax-form transfer travel-notice unfilled
      unknown-banks-in-other-languages.mails: balance credit-limit declined digest fraud-question loan marketing money-received money-request payment-due payment-received refund-announced security-notice sign-in-code statement tax-form transfer
      wallets.mails: announced declined digest dispute marketing money-received money-request refund-announced settings sign-in-code statement transfer"
    `);
  });

  it.each(negativeFiles())("book nothing out of %s", (file) => {
    const booked = mails.filter(
      (mail) => mail.file === file && mail.understood.events.some(({ kind }) => isSpending(kind)),
    );
    expect(booked.map(nameOf)).toEqual([]);
  });

  it("are seldom proposed as a purchase when their sender is not known", () => {
    const proposed = unknown.filter(
      ({ understood: { guess } }) => guess?.missing.length === 0 && isSpending(guess.event.kind),
    );
    expect(proposed.map(nameOf).filter((name) => !PROPOSED.has(name))).toEqual([]);
  });

  it.each(negativeFiles())("hold no person's data in %s", (file) => {
    const domains = parsers.flatMap(({ senders }) => senders.map((sender) => sender.slice(sender.indexOf("@") + 1)));
    expect(personalData(negativeText(file), [...domains, ...OTHER_DOMAINS])).toEqual([]);
  });
});

function nameOf({ file, name }: NegativeMail): string {
  return `${file}: ${name}`;
}
