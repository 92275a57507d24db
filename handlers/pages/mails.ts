import type { AccountedAs } from "../../adapters/libsql-accounting.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { purchaseList } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { time } from "./say-when.ts";

/** One mail with what became of it. */
export type MailEntry = {
  readonly id: string;
  /** Its place among all mails. */
  readonly number: number;
  /** When it arrived, and what it says; no sender and no text while it has not been read. */
  readonly mail: MailView;
  readonly isRead: boolean;
  /** A few words: "Booked", "Not a purchase". */
  readonly outcome: string;
  readonly accountedAs: AccountedAs | null;
  /** Why, as a sentence; empty when there is no more to say. */
  readonly reason: string;
  /** How sure its origin is: "signed by chase.com"; null for what no origin is asked of. */
  readonly origin: string | null;
  /** What was booked from it. */
  readonly purchases: readonly PurchaseRow[];
  /** Whether the person may say that it was a purchase after all. */
  readonly mayBePurchase: boolean;
};

/** One page of all mails, or of those that are accounted for in one way. */
export type MailsView = {
  readonly frame: Frame;
  readonly shown: AccountedAs | null;
  /** Newest first. */
  readonly mails: readonly MailEntry[];
  /** The `before` value of the next, older page; null on the last one. */
  readonly older: string | null;
  /** Whether this page itself was reached by a `before` link. */
  readonly isLaterPage: boolean;
};

const FILTERS = [
  [null, "All"],
  ["booked", "Booked"],
  ["not_a_purchase", "Not purchases"],
  ["review", "In review"],
  ["waiting", "Being checked"],
] as const satisfies readonly (readonly [AccountedAs | null, string])[];

/** Served at /mails. */
export function mailsPage({ frame, shown, mails, older, isLaterPage }: MailsView): string {
  return layout({
    title: "Mails",
    frame,
    current: "/review",
    isColumn: true,
    body: html`<h1>Every mail that came</h1>
      <nav aria-label="Which mails">
        <ul>
          ${FILTERS.map(
            ([as, words]) =>
              html`<li><a href="${address(as)}" ${as === shown && html`aria-current="page"`}>${words}</a></li>`,
          )}
        </ul>
      </nav>
      ${mails.length === 0 ? html`<p>There are none.</p>` : mails.map(entry)}
      <nav class="steps" aria-label="Pages">
        ${isLaterPage ? html`<a href="${address(shown)}">‹ Newest</a>` : html`<span></span>`}
        ${older !== null && html`<a href="${address(shown, older)}" rel="next">Older ›</a>`}
      </nav>`,
  });
}

function entry(view: MailEntry): Html {
  const { id, number, mail, isRead, purchases, mayBePurchase } = view;
  return html`<section class="card" aria-labelledby="mail-${number}">
    <h2 id="mail-${number}"><bdi>${isRead ? mail.subject || "(no subject)" : "A mail"}</bdi></h2>
    <p class="soft">${isRead && html`<bdi>${mail.from}</bdi> · `}${time(mail.date)}</p>
    <p>${outcome(view)}</p>
    ${purchases.length > 0 && purchaseList(purchases)}
    ${
      mayBePurchase &&
      html`<form method="post" action="/mails/${encodeURIComponent(id)}">
        <button class="quiet" name="action" value="was-a-purchase">This was a purchase</button>
      </form>`
    }
    ${
      isRead &&
      html`<details>
        <summary>The mail</summary>
        ${mailText(mail)}
        <p class="soft">Its id: <code>${id}</code></p>
      </details>`
    }
  </section>`;
}

function outcome({ outcome: words, accountedAs, reason, origin }: MailEntry): Html {
  const label = accountedAs === "review" ? html`<a href="/review">${words}</a>` : words;
  return html`<b>${label}.</b> ${reason} ${origin !== null && html`<span class="tag">${origin}</span>`}`;
}

function address(shown: AccountedAs | null, before?: string): string {
  const query = new URLSearchParams({ ...(shown && { outcome: shown }), ...(before && { before }) });
  return query.size === 0 ? "/mails" : `/mails?${query}`;
}
