import { field } from "./field.ts";
import { html } from "./html.ts";
import { layout } from "./layout.ts";
import { DEFAULT_ZONE, zoneOptions } from "./zone-options.ts";

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
export function homePage({ local, mailTo, rejected }: HomeView): string {
  return layout({
    title: "See where your money goes",
    frame: null,
    body: html`<div class="split">
      <section>
        <h1>See where your money goes</h1>
        <p class="lead">
          Your bank already mails you each time you pay. Let those mails come here, and seconds later every purchase is
          on your dashboard. There is no password, no app, and nobody ever asks for your bank login.
        </p>
      </section>
      <section class="card">
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
          <div class="buttons"><button>Mail me a link</button></div>
        </form>
        <p class="soft">Or send any mail to <a href="mailto:${mailTo}">${mailTo}</a>: the answer is the same link.</p>
        ${local && html`<p class="hint">This program runs on your own machine: <a href="/dev/mail">its letters are here</a>.</p>`}
      </section>
    </div>`,
  });
}
