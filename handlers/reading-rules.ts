import * as v from "valibot";

import { isAuthorSigned } from "../access/origin.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { ReadingRule } from "../adapters/libsql-reading-rules.ts";
import { isTaught } from "../parsers/is-taught.ts";
import type { MailEvent } from "../parsers/parser.ts";
import { readTaught, type Taught } from "../parsers/taught.ts";
import { whyNotThen } from "../parsers/understand.ts";
import { plainEvent, type ReadEvent, type ReadMail } from "./read-mail.ts";
import { checkFrom } from "./stored-reading.ts";

type Read = Extract<ReadMail, { state: "read" }>;

/** How mails of a sender are read that no parser knows: as an example taught, or as we guess as long as they have that form. */
export type Rule =
  | { readonly by: "example"; readonly taught: Taught }
  | { readonly by: "form"; readonly shape: string };

/** What a rule makes of a mail. */
export type RuleReading = {
  readonly ruleId: string;
  readonly event: ReadEvent | null;
  /** Why nothing is booked by it; a sentence. */
  readonly reason: string;
};

const UNSIGNED = "The mail that you taught us with was signed by its sender, and this one is not.";

// Written by us and by nobody else; only its form may be an older one's.
const stored = v.variant("by", [
  v.object({
    by: v.literal("example"),
    taught: v.custom<Taught>(isTaught),
  }),
  v.object({ by: v.literal("form"), shape: v.string() }),
]);

/** A rule as it is stored. */
export function storeRule(rule: Rule): string {
  return JSON.stringify(rule);
}

/** A stored rule; null for one whose form no release knows any more. */
export function ruleFrom(text: string): Rule | null {
  try {
    const read = v.safeParse(stored, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/**
 * Whether mails that a rule is learnt for must be signed by their sender as this one is. What could not be found out is
 * taken for signed: a forgery must not open the door.
 */
export function asksForSignature(mail: MailRow): boolean {
  const check = checkFrom(mail);
  return check === null || isAuthorSigned(check);
}

/** What the first of the rules that fits the mail makes of it; null when none fits. */
export function readByRules(rules: readonly ReadingRule[], read: Read): RuleReading | null {
  for (const { id, rule: text, isSigned } of rules) {
    const rule = ruleFrom(text);
    const event = rule === null ? null : readByRule(rule, read);
    if (event === null) continue;
    const whyNot = isSigned && !isAuthorSigned(read.check) ? UNSIGNED : null;
    if ("failed" in event || whyNot !== null) {
      return { ruleId: id, event: null, reason: whyNot ?? ("failed" in event ? event.failed : "") };
    }
    return { ruleId: id, event, reason: "" };
  }
  return null;
}

/** What a rule makes of a mail: an event, why not although it has the form, or null when it has another form. */
export function readByRule(
  rule: Rule,
  mail: Pick<Read, "subject" | "date" | "lines" | "guess">,
): ReadEvent | { readonly failed: string } | null {
  if (rule.by === "form") {
    const { guess } = mail;
    return guess !== null && guess.shape === rule.shape && guess.missing.length === 0 ? guess.event : null;
  }
  const date = Temporal.Instant.fromEpochMilliseconds(mail.date);
  const event = readTaught(rule.taught, { subject: mail.subject, lines: mail.lines, date });
  return event === null || "failed" in event ? event : believable(event, date);
}

function believable(event: MailEvent, date: Temporal.Instant): ReadEvent | { readonly failed: string } {
  const doubt = whyNotThen(event.occurred, date);
  return doubt === null ? plainEvent(event, date) : { failed: doubt };
}
