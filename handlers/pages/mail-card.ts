import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { sayMoment, time } from "./say-when.ts";

/** A mail in full beside the purchase that it tells of; `note` stands between its head and its text. */
export function mailCard(title: string, mail: MailView, note: Html | null = null): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    <dl>
      <dt>From</dt>
      <dd><bdi>${mail.from}</bdi></dd>
      <dt>Subject</dt>
      <dd><bdi>${mail.subject}</bdi></dd>
      <dt>Date</dt>
      <dd>${time(mail.date, sayMoment(mail.date))}</dd>
    </dl>
    ${note} ${mail.words.length > 0 && html`<p class="soft">The <mark>marked</mark> words are what we read.</p>`}
    ${mailText(mail)}
  </section>`;
}
