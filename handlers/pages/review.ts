import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { sayMoment, time } from "./say-when.ts";
import type { When } from "./say-when.ts";

/** A mail that waits for the person. */
export type ReviewItem = {
  readonly id: string;
  readonly mail: MailView;
  /** Why it was not booked, as a sentence: "We do not know this sender yet." */
  readonly reason: string;
  /** What it was read as, when that is complete enough to be booked as it stands; empty when it isn't. */
  readonly reading: readonly { readonly merchant: string; readonly amount: Money; readonly occurred: When }[];
};

/** A mail that the person said is no purchase. */
export type SetAside = { readonly id: string; readonly subject: string; readonly at: Temporal.ZonedDateTime };

/** Everything that waits, and what was set aside lately. */
export type ReviewView = {
  readonly frame: Frame;
  /** Newest first. */
  readonly items: readonly ReviewItem[];
  /** The `before` value of the next, older page; null on the last one. */
  readonly older: string | null;
  /** Newest first. */
  readonly setAside: readonly SetAside[];
};

/** Served at /review. */
export function reviewPage({ frame, items, older, setAside }: ReviewView): string {
  return layout({
    title: "Review",
    frame,
    current: "/review",
    isColumn: true,
    body: html`<h1>${items.length === 0 ? "Nothing waits for you" : "These mails wait for you"}</h1>
      ${
        items.length === 0
          ? html`<p>
              Every mail is either booked or known to be no purchase. When one is doubtful, it waits here instead of
              landing in your books.
            </p>`
          : html`<p>We were not sure about them, so nothing was booked.</p>`
      }
      ${items.map(item)} ${older !== null && html`<p><a href="/review?before=${older}" rel="next">Older ones ›</a></p>`}
      ${setAside.length > 0 && asideList(setAside)}`,
  });
}

function item({ id, mail, reason, reading }: ReviewItem): Html {
  return html`<section class="card" aria-labelledby="mail-${id}">
    <h2 id="mail-${id}"><bdi>${mail.subject || "(no subject)"}</bdi></h2>
    <p class="soft"><bdi>${mail.from}</bdi> · ${time(mail.date)}</p>
    <p>${reason}</p>
    ${reading.length > 0 && proposal(reading)}
    <form class="buttons" method="post" action="/review/${encodeURIComponent(id)}">
      ${reading.length > 0 && html`<button name="action" value="book">Book it</button>`}
      <button class="quiet" name="action" value="dismiss">Not a purchase</button>
    </form>
    <details open>
      <summary>The mail</summary>
      ${mailText(mail)}
    </details>
  </section>`;
}

function proposal(reading: ReviewItem["reading"]): Html {
  return html`<p>We read it as:</p>
    <ul class="rows">
      ${reading.map(
        ({ merchant, amount, occurred }) =>
          html`<li>
            <bdi>${merchant}</bdi> <span class="amount">${formatMoney(amount)}</span>
            <span class="soft">${time(occurred, sayMoment(occurred))}</span>
          </li>`,
      )}
    </ul>`;
}

function asideList(setAside: readonly SetAside[]): Html {
  return html`<section class="card">
    <h2>Not purchases, you said</h2>
    <ul class="acts">
      ${setAside.map(
        ({ id, subject, at }) =>
          html`<li>
            <span><bdi>${subject || "(no subject)"}</bdi> <span class="soft">${time(at)}</span></span>
            <form method="post" action="/review/${encodeURIComponent(id)}">
              <button class="quiet" name="action" value="undo">Put it back</button>
            </form>
          </li>`,
      )}
    </ul>
  </section>`;
}
