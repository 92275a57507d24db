import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayDate, time } from "./say-when.ts";

/** A private address that another one has taken the place of. */
export type FormerAddress = {
  readonly token: string;
  readonly address: string;
  /** From then on it takes no mail. */
  readonly until: Temporal.ZonedDateTime;
};

/** The address that the person gives to banks, and those before it that still work. */
export type AlertAddressesView = {
  readonly address: string;
  readonly token: string;
  /** By their last day, the latest first. */
  readonly former: readonly FormerAddress[];
};

/** How to replace the private address, and what became of the ones before. */
export function alertAddresses({ token, former }: AlertAddressesView): Html {
  return html`<section class="card">
    <h2>Did your private address get around?</h2>
    <p>
      Replace it by a new one. The old one keeps working for 30 days, so that no alert is lost while you tell your bank.
    </p>
    ${former.length > 0 && formerList(former)}
    <form method="post" action="/connect">
      <input type="hidden" name="token" value="${token}" />
      <button class="quiet" name="action" value="replace">Get a new address</button>
    </form>
  </section>`;
}

function formerList(former: readonly FormerAddress[]): Html {
  return html`<ul class="acts">
    ${former.map(
      ({ token, address, until }) =>
        html`<li>
          <span>${address} <span class="soft">Works until ${time(until, sayDate(until))}</span></span>
          <form method="post" action="/connect">
            <input type="hidden" name="token" value="${token}" />
            <button class="quiet" name="action" value="stop" aria-label="Stop it now: ${address}">Stop it now</button>
          </form>
        </li>`,
    )}
  </ul>`;
}
