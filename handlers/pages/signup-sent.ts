import { html } from "./html.ts";
import { layout } from "./layout.ts";

/**
 * The answer to every sign-up, the same word for word whether the address is new, known, or was asked for a minute ago: it
 * tells a stranger nothing about who has an account.
 */
export function signupSentPage({ local, minutes }: { readonly local: boolean; readonly minutes: number }): string {
  return layout({
    title: "Look in your mail",
    frame: null,
    body: html`<section class="card narrow">
      <h1>Look in your mail</h1>
      <p>A letter with your link is on its way. The link works once, for ${minutes} minutes.</p>
      <p class="soft">
        Nothing there after a minute? Look among the spam, and check the address you typed. You can ask again in a few
        minutes.
      </p>
      ${local && html`<p class="hint">This program runs on your own machine, so no letter leaves it: <a href="/dev/mail">read it here</a>.</p>`}
      <p><a href="/">Back to the start</a></p>
    </section>`,
  });
}
