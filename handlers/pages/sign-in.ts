import { html } from "./html.ts";
import { layout } from "./layout.ts";

/**
 * Where a mailed link leads: one button. Opening the page changes nothing, since mail scanners follow links; only the
 * button, which posts the token, signs in.
 */
export function signInPage({ token }: { readonly token: string }): string {
  return layout({
    title: "Sign in",
    frame: null,
    body: html`<section class="card narrow">
      <h1>Welcome</h1>
      <p>One more press and you are in. You stay signed in on this device as long as you look in now and then.</p>
      <form method="post" action="/sign-in">
        <input type="hidden" name="t" value="${token}" />
        <button>Open my dashboard</button>
      </form>
    </section>`,
  });
}

/** A link of ours that was used already, is too old, or was made invalid. Its account gets a new one without typing. */
export function oldLinkPage({ token }: { readonly token: string }): string {
  return layout({
    title: "This link is old",
    frame: null,
    body: html`<section class="card narrow">
      <h1>This link is old</h1>
      <p>Each link works once, and for a short while only. A new one goes to the first address of your account.</p>
      <form method="post" action="/signup">
        <input type="hidden" name="t" value="${token}" />
        <button>Mail me a new one</button>
      </form>
    </section>`,
  });
}

/** A link that we never made, or that was cut off on its way. */
export function unknownLinkPage(): string {
  return layout({
    title: "This link does not work",
    frame: null,
    body: html`<section class="card narrow">
      <h1>This link does not work</h1>
      <p>
        Some of it is missing or changed, as happens when a long link is copied by hand. Open it from the mail itself,
        or ask for a new one.
      </p>
      <p><a class="button" href="/">Ask for a new link</a></p>
    </section>`,
  });
}
