import * as v from "valibot";

import { EVENT_KINDS } from "./parser.ts";

const CURRENCIES: readonly string[] = Intl.supportedValuesOf("currency");

const template = v.pipe(
  v.object({
    words: v.array(v.pipe(v.string(), v.minLength(1))),
    slots: v.pipe(v.array(v.picklist(["amount", "merchant", "when", "card", "any"])), v.minLength(1)),
  }),
  v.check(({ words, slots }) => words.length === slots.length + 1),
);

const taught = v.object({
  subject: v.string(),
  lines: v.array(v.union([v.strictObject({ words: v.string() }), v.strictObject({ template })])),
  kind: v.picklist(EVENT_KINDS),
  writing: v.object({
    currency: v.picklist(CURRENCIES),
    decimal: v.nullable(v.picklist([".", ","])),
    dates: v.picklist(["day-first", "month-first"]),
    zone: v.nullable(v.pipe(v.string(), v.check(isZone))),
  }),
  lowerCaseRun: v.optional(v.number()),
});

/** Whether something is a taught form in every part: what another release stored must match no mail, and must not throw. */
export function isTaught(stored: unknown): boolean {
  return v.is(taught, stored);
}

function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
