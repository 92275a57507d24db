import { seeded, variantOf } from "../parsers/generic.measure-variants.ts";
import { homeCurrencies, measure, type Measured, type Sample, type Verdict } from "../parsers/generic.measure.ts";
import { parserFor } from "../parsers/registry.ts";
import { understand } from "../parsers/understand.ts";
import { mailOf, parserFixtures } from "./parser-fixtures.ts";

const VARIANTS_EACH = 20;
const SEED = 4;

/** Every fixture of an institution, as its own parser sees it. */
export const fixtureSamples: readonly Sample[] = parserFixtures().flatMap((fixture) => {
  const mail = mailOf(fixture);
  const parser = parserFor(mail.from);
  if (parser === null) return [];
  const { date, lines } = understand(mail);
  return [{ parser, name: fixture.name, mail: { from: mail.from, subject: mail.subject, date, lines } }];
});

const random = seeded(SEED);

/** The fixtures with other amounts, merchants, days and cards in their places. */
export const variants: readonly Sample[] = fixtureSamples.flatMap((sample) =>
  Array.from({ length: VARIANTS_EACH }, () => variantOf(sample, random)).filter((variant) => variant !== null),
);

/** What people with mails of an institution usually pay in. */
export const home = homeCurrencies(fixtureSamples);

/** All of them, read without knowing their institutions. */
export const measured: readonly Measured[] = measure([...fixtureSamples, ...variants], home);

/** The part of them, from 0 to 1, with that verdict. */
export function share(verdict: Verdict, of: readonly Measured[]): number {
  return of.filter((one) => one.verdict === verdict).length / of.length;
}
