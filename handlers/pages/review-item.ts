import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { bookingForm } from "./booking-form.ts";
import type { RejectedBooking } from "./booking-form.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { mailLinks } from "./mail-links.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { sayRoute } from "./say-route.ts";
import { sayMoment, time } from "./say-when.ts";
import type { When } from "./say-when.ts";

/** A mail that waits for the person. */
export type ReviewItem = {
  readonly id: string;
  /** Its place among all mails. */
  readonly number: number;
  readonly mail: MailView;
  /** Why it was not booked, as a sentence: "We do not know this sender yet." */
  readonly reason: string;
  /** What it was read as, when that is complete enough to be booked as it stands; empty when it isn't. */
  readonly reading: readonly { readonly merchant: string; readonly amount: Money; readonly occurred: When }[];
  /** Whether that is no more than a guess at a mail of an unknown sender. */
  readonly isGuess: boolean;
  /** Whether its person can teach us to read it. */
  readonly isTeachable: boolean;
  /** The way it came, when nothing but that is in doubt and it may be trusted. */
  readonly route: string | null;
  /** The form to book it by hand: what stands in it, and what was wrong with what was typed. */
  readonly booking: RejectedBooking;
  /** Where its links lead, when it may be for the person to click one. */
  readonly links: readonly string[];
};

/** The mail with why it waits, and what its person can do with it. */
export function reviewItem(item: ReviewItem): Html {
  const { id, number, mail, reason, reading, isGuess, isTeachable, route, links } = item;
  return html`<section class="card" aria-labelledby="mail-${number}">
    <h2 id="mail-${number}"><bdi>${mail.subject || "(no subject)"}</bdi></h2>
    <p class="soft"><bdi>${mail.from}</bdi> · ${time(mail.date)}</p>
    <p>${reason}</p>
    ${reading.length > 0 && proposal(reading)} ${route !== null && trust(route)}
    <form class="buttons" method="post" action="/review/${encodeURIComponent(id)}">
      ${isGuess && html`<button name="action" value="agree">Right, and book such mails from now on</button>`}
      ${
        reading.length > 0 &&
        html`<button ${isGuess && html`class="quiet"`} name="action" value="book">
          ${isGuess ? "Book this one only" : bookWords(reading.length)}
        </button>`
      }
      ${route !== null && html`<button class="quiet" name="action" value="trust">Trust this route</button>`}
      <button class="quiet" name="action" value="dismiss">Not a purchase</button>
    </form>
    ${byHand(item)}
    ${isTeachable && html`<p><a href="/review/${encodeURIComponent(id)}/teach">Teach us to read such mails</a></p>`}
    <details open>
      <summary>The mail</summary>
      ${mailText(mail)}
    </details>
    ${links.length > 0 && mailLinks(links)}
  </section>`;
}

function bookWords(events: number): string {
  return events === 1 ? "Book it" : `Book all ${events} as read`;
}

/** Open when it is the next thing to do: something was typed that can't be taken, or read that is no spending as it stands. */
function byHand({ id, number, reading, booking }: ReviewItem): Html {
  const isWrong = Object.values(booking.errors).some((error) => error !== undefined);
  const isGuess = reading.length === 0 && booking.typed.merchant !== "";
  const summary = reading.length === 0 ? "Book it by hand" : "Book it with other words";
  return bookingForm(id, number, booking, { summary, isOpen: isWrong || isGuess });
}

function trust(route: string): Html {
  return html`<p>
    Trust this route, and ${sayRoute(route)} are booked without asking, this one and all that follow. Whoever knows your
    private address could forge one. <a href="/settings">Settings</a> ends the trust.
  </p>`;
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
