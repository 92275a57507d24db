import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { reviewItem } from "./review-item.ts";
import type { ReviewItem } from "./review-item.ts";
import { time } from "./say-when.ts";

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
      ${items.map(reviewItem)}
      ${older !== null && html`<p><a href="/review?before=${older}" rel="next">Older ones ›</a></p>`}
      ${setAside.length > 0 && asideList(setAside)}
      <p><a href="/mails">Every mail that came</a></p>`,
  });
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
