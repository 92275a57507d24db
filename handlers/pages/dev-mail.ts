import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import { sayMoment, sayZone, time } from "./say-when.ts";

/** A letter that would have been sent. */
export type DevLetter = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly createdAt: Temporal.ZonedDateTime;
  readonly text: string;
  readonly html: string;
};

/** Local mode's mailbox. */
export type DevMailView = {
  /** Newest first. */
  readonly letters: readonly DevLetter[];
  /** The program's own base address; only links below it can be followed from here. */
  readonly baseUrl: string;
};

/** Served at /dev/mail, in local mode alone. */
export function devMailPage({ letters, baseUrl }: DevMailView): string {
  return layout({
    title: "Letters",
    frame: null,
    isColumn: true,
    body: html`<h1>Letters</h1>
      <p>This program runs on your own machine, so its letters stay here instead of being sent.</p>
      ${letters.length === 0 && html`<p class="card">None yet. <a href="/">Ask for a link</a> and it shows up here.</p>`}
      ${letters.map((letter) => letterCard(letter, baseUrl))}`,
  });
}

function letterCard({ id, to, subject, createdAt, text, html: source }: DevLetter, baseUrl: string): Html {
  return html`<article class="card" id="letter-${id}">
    <h2><bdi>${subject}</bdi></h2>
    <p class="soft">
      To <bdi>${to}</bdi> · ${time(createdAt, `${sayMoment(createdAt)} ${sayZone(createdAt.timeZoneId)}`)}
    </p>
    <div class="mail">${text.split("\n").map((line) => html`<p>${linkOwn(line, baseUrl)}</p>`)}</div>
    <details>
      <summary>Its HTML</summary>
      <p class="source">${source}</p>
    </details>
  </article>`;
}

/** The line with our own links made clickable. Anything else in a letter stays text: nobody should follow a stranger's link from here. */
export function linkOwn(line: string, baseUrl: string): Html {
  const own = new RegExp(`(${RegExp.escape(baseUrl)}/[^\\s<>"']*)`);
  return html`${line.split(own).map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))}`;
}
