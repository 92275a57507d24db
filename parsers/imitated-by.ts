import type { Parser, ReadableMail } from "./parser.ts";
import { parsers } from "./registry.ts";

/** Words in the names of many. */
const COMMON: ReadonlySet<string> = new Set([
  "bank",
  "banco",
  "card",
  "america",
  "american",
  "costa",
  "rica",
  "debit",
  "singapore",
]);

/**
 * The name of the institution in whose very words the mail is written, to which it also refers by name; null when there is
 * none. Several institutions write alike, so the words alone say nothing.
 */
export function imitatedBy(mail: ReadableMail): string | null {
  const said = [mail.from, mail.subject, ...mail.lines].join(" ").toLowerCase();
  const named = parsers.filter((parser) => namesOf(parser).some((name) => said.includes(name)));
  return named.find((parser) => parser.read(mail).outcome === "understood")?.name ?? null;
}

function namesOf({ name }: Parser): string[] {
  const words = name.toLowerCase().match(/[\p{L}.]{4,}/gu) ?? [];
  return words.filter((word) => !COMMON.has(word));
}
