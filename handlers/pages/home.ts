import { DEFAULT_ZONE } from "../../ledger/days.ts";
import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import { zoneOptions } from "./zone-options.ts";

/** The front page for somebody who is not signed in. */
export type HomeView = {
  /** Local mode: letters are read at /dev/mail. */
  readonly local: boolean;
  /** "info@example.com": whoever mails it gets the same link. */
  readonly mailTo: string;
  /** What was typed and not taken, and why. */
  readonly rejected?: { readonly email: string; readonly zone: string; readonly error: string } | undefined;
};

/** Served at /. */
export function homePage(view: HomeView): string {
  return layout({
    title: "See where your money goes",
    frame: null,
    body: html`<div class="split">
      <section>
        <h1 class="hero">See where your money goes</h1>
        <p class="lead">
          Your bank can mail you each time you pay. Let those mails come here, and seconds later every purchase is on
          your dashboard. There is no password, no app, and nobody ever asks for your bank login.
        </p>
        ${example()}
      </section>
      ${signUp(view)}
    </div>`,
  });
}

function example(): Html {
  return html`<figure>
    <figcaption class="soft">What your bank writes, and what you see:</figcaption>
    <p class="card">
      You made a <mark>$14.25</mark> transaction with <mark>CORNER BAKERY</mark> on
      <mark>Nov 17, 2026 at 8:12 AM ET</mark>.
    </p>
    <p class="flow" aria-hidden="true">↓</p>
    <ul class="card rows">
      <li><b>CORNER BAKERY</b> <span class="amount">$14.25</span> <span class="soft">Tue 17 Nov, 08:12</span></li>
    </ul>
  </figure>`;
}

function signUp({ local, mailTo, rejected }: HomeView): Html {
  return html`<section class="card">
    <h2>Start, or sign in</h2>
    <form method="post" action="/signup">
      ${field({
        name: "email",
        label: "Your e-mail address",
        value: rejected?.email ?? "",
        error: rejected?.error,
        attributes: html`type="email" required autocomplete="email" maxlength="254"`,
      })}
      <div class="field">
        <label for="zone">Your time zone</label>
        <select id="zone" name="zone">
          ${zoneOptions(rejected?.zone ?? DEFAULT_ZONE)}
        </select>
      </div>
      <button>Mail me a link</button>
    </form>
    <p class="soft">Or send any mail to <a href="mailto:${mailTo}">${mailTo}</a>: the answer is the same link.</p>
    ${local && html`<p class="hint">This program runs on your own machine. <a href="/dev/mail">Its letters are here.</a></p>`}
  </section>`;
}
