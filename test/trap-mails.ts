import type { Mail } from "../parsers/parser.ts";
import { understand } from "../parsers/understand.ts";
import { mailOf, parserFixtures } from "./parser-fixtures.ts";

const fixtures = new Map(parserFixtures().map((fixture) => [`${fixture.institution}/${fixture.name}`, fixture]));

/** The fixture that is called `INSTITUTION/NAME`. @throws when there is none */
export function mailCalled(name: string): Mail {
  const fixture = fixtures.get(name);
  if (fixture === undefined) throw new Error(`There is no fixture ${name}.`);
  return mailOf(fixture);
}

/** The names of all fixtures. */
export function mailNames(): string[] {
  return [...fixtures.keys()];
}

/** What the mail says happened, `KIND MINOR CURRENCY | MERCHANT | CARD | WHEN` for each event, or its outcome without any. */
export function said(mail: Mail): string | string[] {
  const { outcome, events } = understand(mail);
  if (outcome !== "events") return outcome;
  const lines = events.map(({ kind, amountMinor, currency, merchant, card, occurred }) =>
    [`${kind} ${amountMinor} ${currency}`, merchant, card ?? "-", occurred?.toString() ?? "-"].join(" | "),
  );
  const [only = "", ...others] = lines;
  return others.length === 0 ? only : lines;
}

/** Everything that stands in the mail, as it was sent. */
export function written({ subject, html, text }: Mail): string {
  return [subject, html, text].join("\n");
}
