import type { MailCounts } from "../../adapters/libsql-accounting.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { count } from "./say-when.ts";

/** How the account's mails of this week and of the last are accounted for. */
export type Accounting = { readonly thisWeek: MailCounts; readonly lastWeek: MailCounts };

type Part = { readonly words: string; readonly href?: string };

/** The accounting on a page, with the way to the mails themselves. */
export function accounting({ thisWeek, lastWeek }: Accounting): Html {
  return html`<p>This week: ${linked(partsOf(thisWeek))}</p>
    <p>Last week: ${linked(partsOf(lastWeek))}</p>`;
}

/** "31 mails in, 31 accounted for: 25 booked, 5 not purchases, 1 waiting in review." */
export function sayAccounting(counts: MailCounts): string {
  return `${partsOf(counts)
    .map(({ words }) => words)
    .join("")}.`;
}

/** What is accounted for is summed up from its parts, so that a mail that is in none of them shows. */
function partsOf({ mailsIn, booked, notPurchases, inReview, waiting }: MailCounts): Part[] {
  if (mailsIn === 0) return [{ words: "no mails" }];
  const kinds = [
    { number: booked, words: "booked" },
    { number: notPurchases, words: notPurchases === 1 ? "not a purchase" : "not purchases" },
    { number: inReview, words: "waiting in review", href: "/review" },
    { number: waiting, words: "still being checked" },
  ].filter(({ number }) => number > 0);
  const accounted = booked + notPurchases + inReview + waiting;
  return [
    { words: `${count(mailsIn, "mail")} in`, href: "/mails" },
    { words: `, ${accounted} accounted for` },
    ...kinds.flatMap(({ number, words, ...link }, index): Part[] => [
      { words: index === 0 ? ": " : ", " },
      { words: `${number} ${words}`, ...link },
    ]),
  ];
}

function linked(parts: readonly Part[]): Html {
  return html`${parts.map(({ words, href }) => (href === undefined ? words : html`<a href="${href}">${words}</a>`))}.`;
}
