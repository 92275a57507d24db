import { html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";

/** A claim whose link was opened. */
export type ProofView = {
  readonly token: string;
  /** The address that the link would add. */
  readonly address: string;
  /** First address of the account that it would be added to. */
  readonly account: string;
};

/**
 * Where the link in a letter to a further address leads: one button. Opening the page changes nothing, since mail scanners
 * follow links. It names the account once more, in case somebody was made to sign in to another one's.
 */
export function proveAddressPage({ frame, token, address, account }: ProofView & { readonly frame: Frame }): string {
  return layout({
    title: "Add this address",
    frame,
    body: html`<section class="card narrow">
      <h1>Is this address yours?</h1>
      <p>
        You are signed in as <b>${account}</b>. Add <b>${address}</b> to this account, and whoever reads that mailbox
        can open it, too.
      </p>
      <form method="post" action="/prove-address">
        <input type="hidden" name="t" value="${token}" />
        <button>Yes, add ${address}</button>
      </form>
    </section>`,
  });
}

/**
 * The same link where nobody is signed in. It is never carried along by the sign-in link: that goes to another mailbox,
 * whose reader must not get what only the reader of this one has.
 */
export function proveSignedOutPage({ token, address, account }: ProofView): string {
  return layout({
    title: "Sign in first",
    frame: null,
    body: html`<section class="card narrow">
      <h1>Sign in first</h1>
      <p>
        <b>${account}</b> asked to add <b>${address}</b>. This works only in a browser that is signed in as ${account}.
      </p>
      <p>Is that you? Sign in, and then open the link in the letter again.</p>
      <form class="buttons" method="post" action="/signup">
        <input type="hidden" name="t" value="${token}" />
        <button>Mail a sign-in link to ${account}</button>
        <a class="button quiet" href="/prove-address?t=${token}">I am signed in now</a>
      </form>
      <p class="soft">Is it not? Then close this page: nothing happens.</p>
    </section>`,
  });
}

/** A link of ours that proves nothing any more. */
export function oldProofPage({ frame }: { readonly frame: Frame | null }): string {
  return layout({
    title: "This link is old",
    frame,
    body: html`<section class="card narrow">
      <h1>This link is old</h1>
      <p>Each link works once, and for a short while only. Your settings show your addresses, and send a new letter.</p>
      <p><a class="button" href="/settings">To the settings</a></p>
    </section>`,
  });
}
