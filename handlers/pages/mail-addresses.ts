import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayAgo, sayDate, time } from "./say-when.ts";

/** A person's own mail addresses, and those that they say are theirs. */
export type MailAddressesView = {
  /** The first one first. */
  readonly own: readonly {
    readonly address: string;
    readonly provenAt: Temporal.ZonedDateTime | null;
    /** Whether it may be removed: another one is left to sign in with. */
    readonly mayGo: boolean;
  }[];
  /** Newest first. */
  readonly claimed: readonly { readonly address: string; readonly askedAt: Temporal.ZonedDateTime }[];
  /** What was typed and not taken, and why. */
  readonly rejected?: { readonly value: string; readonly error: string } | undefined;
};

/** A part of the settings. What it says of a claim is the same whomever the address belongs to. */
export function mailAddresses({ own, claimed, rejected }: MailAddressesView, now: Temporal.ZonedDateTime): Html {
  return html`<section class="card">
    <h2>Your mail addresses</h2>
    <p>Banks write to any address they have of you. You can sign in with each of these, and forward alerts from it.</p>
    <ul class="acts">
      ${own.map(ownRow)} ${claimed.map((claim) => claimRow(claim, now))}
    </ul>
    ${
      claimed.length > 0 &&
      html`<p class="soft">
        No letter there? Look among the spam. None is sent to an address that belongs to another account.
      </p>`
    }
    <form method="post" action="/settings">
      ${field({
        name: "address",
        label: "One more address of yours",
        value: rejected?.value ?? "",
        error: rejected?.error,
        attributes: html`type="email" required maxlength="254" autocomplete="email"`,
      })}
      <button name="action" value="add-address">Add it</button>
    </form>
  </section>`;
}

function ownRow({ address, provenAt, mayGo }: MailAddressesView["own"][number]): Html {
  return html`<li>
    <span
      >${address}
      <span class="soft"
        >${provenAt === null ? "Not proven yet" : html`Proven ${time(provenAt, sayDate(provenAt))}`}</span
      ></span
    >
    ${mayGo && addressForm(address, [["remove-address", "Remove"]])}
  </li>`;
}

function claimRow({ address, askedAt }: MailAddressesView["claimed"][number], now: Temporal.ZonedDateTime): Html {
  return html`<li>
    <span
      >${address} <span class="tag">Waits</span>
      <span class="soft"
        >Asked ${time(askedAt, sayAgo(askedAt, now))}. Open the link in the letter there, in this browser.</span
      ></span
    >
    ${addressForm(address, [
      ["add-address", "Send again"],
      ["cancel-address", "Cancel"],
    ])}
  </li>`;
}

function addressForm(address: string, buttons: readonly (readonly [action: string, words: string])[]): Html {
  return html`<form class="buttons" method="post" action="/settings">
    <input type="hidden" name="address" value="${address}" />
    ${buttons.map(
      ([action, words]) =>
        html`<button class="quiet" name="action" value="${action}" aria-label="${words}: ${address}">${words}</button>`,
    )}
  </form>`;
}
