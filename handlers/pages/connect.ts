import { accounting } from "./accounting.ts";
import type { Accounting } from "./accounting.ts";
import { alertAddresses } from "./alert-addresses.ts";
import type { AlertAddressesView } from "./alert-addresses.ts";
import { directSteps, gmailSteps } from "./connect-steps.ts";
import { forwardingRequests } from "./forwarding-requests.ts";
import type { ForwardingRequest } from "./forwarding-requests.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { agoAndWhen, sayAgo, time } from "./say-when.ts";

/** How far the sample alert got. */
export type SampleState =
  | { readonly state: "none" }
  | { readonly state: "sent"; readonly at: Temporal.ZonedDateTime }
  | { readonly state: "arrived"; readonly at: Temporal.ZonedDateTime; readonly purchaseId: string };

/** How to get a bank's mails here, and whether they come. */
export type ConnectView = {
  readonly frame: Frame;
  readonly now: Temporal.ZonedDateTime;
  readonly addresses: AlertAddressesView;
  readonly lastMail: Temporal.ZonedDateTime | null;
  readonly accounting: Accounting;
  readonly sample: SampleState;
  /** Newest first. */
  readonly requests: readonly ForwardingRequest[];
};

/** Served at /connect. */
export function connectPage(view: ConnectView): string {
  return layout({
    title: "Connect your bank",
    frame: view.frame,
    current: "/connect",
    body: html`<h1>Connect your bank</h1>
      <section class="card">
        <label for="address">Your private address</label>
        <input class="address" id="address" value="${view.addresses.address}" readonly />
        <p class="soft">
          Alerts that arrive there become purchases on your dashboard. It is yours alone: give it to your bank, and to
          nobody else.
        </p>
        <p>${pipe(view)}</p>
        ${view.lastMail && accounting(view.accounting)}
      </section>
      ${forwardingRequests(view.requests, view.now)}
      <div class="split even">
        <div>${directSteps()} ${sample(view)}</div>
        ${gmailSteps()}
      </div>
      ${alertAddresses(view.addresses)}`,
  });
}

function pipe({ lastMail, now }: ConnectView): Html {
  if (!lastMail) return html`No mail has arrived yet.`;
  return html`Last mail: ${agoAndWhen(lastMail, now)}.`;
}

function sample(view: ConnectView): Html {
  return html`<section class="card">
    <h2>Try it now</h2>
    ${sampleState(view)}
  </section>`;
}

function sampleState({ sample: state, now }: ConnectView): Html {
  if (state.state === "arrived") {
    const action = `/purchases/${encodeURIComponent(state.purchaseId)}`;
    return html`<p>
        It works. Your sample alert arrived ${time(state.at, sayAgo(state.at, now))} and became
        <a href="${action}">a purchase marked as a sample</a>. It is in no total.
      </p>
      <form method="post" action="${action}">
        <button class="quiet" name="action" value="remove">Remove the sample</button>
      </form>`;
  }
  const wait =
    state.state === "sent" &&
    html`<p>
      Sent ${time(state.at, sayAgo(state.at, now))}. It takes a few seconds. <a href="/connect">Look again</a>
    </p>`;
  return html`<p>We send a sample alert to your private address. When it shows up here, everything between a mail and your dashboard works.</p>
    ${wait}
    <form method="post" action="/connect/sample">
      <button${wait && html` class="quiet"`}>${wait ? "Send another one" : "Send me a sample alert"}</button>
    </form>`;
}
