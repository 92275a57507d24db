import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayAgo, time } from "./say-when.ts";

/** A mailbox provider's request to let a mailbox forward to the alert address. */
export type ForwardingRequest = {
  /** The mailbox that asked, as the provider's mail names it; null when it could not be read. */
  readonly requester: string | null;
  readonly code: string | null;
  /** The provider's own confirmation address, already checked against the two that are Google's; null when the mail had none. */
  readonly link: string | null;
  /** Whether it waits for the person, is being confirmed by us, or what Google said to that. */
  readonly state: "waiting" | "due" | "confirmed" | "refused";
  /** When it came; of one that Google answered, when that was. */
  readonly at: Temporal.ZonedDateTime;
};

/** The requests, as a section of their own; nothing when there are none. */
export function forwardingRequests(all: readonly ForwardingRequest[], now: Temporal.ZonedDateTime): Html | null {
  if (all.length === 0) return null;
  const isOpen = all.some(({ state }) => state === "waiting" || state === "refused");
  return html`<section class="card">
    <h2>${isOpen ? "Gmail asks: is this you?" : "Forwarding from Gmail"}</h2>
    ${isOpen && html`<p>Confirm only if you set up the forwarding yourself. Type the code into Gmail, or open the link.</p>`}
    <ul class="rows">
      ${all.map((request) => html`<li><bdi>${request.requester ?? "A mailbox"}</bdi> ${progress(request, now)}</li>`)}
    </ul>
  </section>`;
}

function progress({ state, code, link, at }: ForwardingRequest, now: Temporal.ZonedDateTime): Html {
  const when = time(at, sayAgo(at, now));
  if (state === "confirmed") return html`<span class="soft">Confirmed by us, ${when}</span>`;
  if (state === "due")
    return html`<span class="soft">Being confirmed by us. <a class="inner" href="/connect">Look again</a></span>`;
  const asked = state === "refused" ? html`Google refused our confirmation ${when}` : html`Asked ${when}`;
  return html`<b class="amount">${code ?? "no code"}</b>
    <span class="soft"
      >${asked}${link && html` · <a class="inner" href="${link}" rel="noreferrer">Confirm at Google</a>`}</span
    >`;
}
