import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { lookAlikeCard } from "./look-alike.ts";
import type { LookAlikeView } from "./look-alike.ts";
import { reviewItem } from "./review-item.ts";
import type { ReviewItem } from "./review-item.ts";
import { count, time } from "./say-when.ts";

/** A mail that the person said is no purchase. */
export type SetAside = { readonly id: string; readonly subject: string; readonly at: Temporal.ZonedDateTime };

/** Everything that waits, and what was set aside lately. */
export type ReviewView = {
  readonly frame: Frame;
  /** Purchases that may be one. Newest first. */
  readonly pairs: readonly LookAlikeView[];
  /** How many more there are. */
  readonly morePairs: number;
  /** Newest first. */
  readonly items: readonly ReviewItem[];
  /** The `before` value of the next, older page; null on the last one. */
  readonly older: string | null;
  /** Newest first. */
  readonly setAside: readonly SetAside[];
};

/** Served at /review. */
export function reviewPage(view: ReviewView): string {
  const { frame, items, older, setAside } = view;
  return layout({
    title: "Review",
    frame,
    current: "/review",
    isColumn: true,
    body: html`<h1>${sayWhatWaits(view)}</h1>
      ${pairs(view)} ${mailsIntroduction(view)} ${items.map(reviewItem)}
      ${older !== null && html`<p><a href="/review?before=${older}" rel="next">Older ones ›</a></p>`}
      ${setAside.length > 0 && asideList(setAside)}
      <p><a href="/mails">Every mail that came</a></p>`,
  });
}

function sayWhatWaits({ pairs, items }: ReviewView): string {
  if (pairs.length === 0) return items.length === 0 ? "Nothing waits for you" : "These mails wait for you";
  return items.length === 0 ? "These purchases wait for you" : "These purchases and mails wait for you";
}

function pairs({ pairs, morePairs }: ReviewView): Html | null {
  if (pairs.length === 0) return null;
  return html`<p>We were not sure about these purchases, so each of them counts.</p>
    ${pairs.map(lookAlikeCard)}
    ${morePairs > 0 && html`<p>${count(morePairs, "more pair")} will stand here once these are decided.</p>`}`;
}

function mailsIntroduction({ pairs, items }: ReviewView): Html | null {
  if (items.length > 0) return html`<p>We were not sure about these mails, so nothing was booked.</p>`;
  if (pairs.length > 0) return null;
  return html`<p>
    Every mail is either booked or known to be no purchase. When one is doubtful, it waits here instead of landing in
    your books.
  </p>`;
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
