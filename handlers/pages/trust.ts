import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayDate, time } from "./say-when.ts";
import { sayRoute } from "./say-route.ts";

/** What is booked by itself although no bank signed it. */
export type TrustView = {
  readonly requiresSignature: boolean;
  /** Newest first. */
  readonly routes: readonly { readonly id: string; readonly route: string; readonly at: Temporal.ZonedDateTime }[];
};

/** A part of the settings. */
export function trust({ requiresSignature, routes }: TrustView): Html {
  return html`<section class="card">
    <h2>What is booked without asking</h2>
    ${signatures(requiresSignature)}
    ${
      routes.length > 0 &&
      html`<p>
          ${requiresSignature ? "You trust these as well, which counts again once other alerts are booked:" : "Beyond that you trust:"}
        </p>
        <ul class="acts">
          ${routes.map(routeRow)}
        </ul>`
    }
  </section>`;
}

function signatures(isRequired: boolean): Html {
  return html`<p>
      ${
        isRequired
          ? "Only what the bank itself signed. Everything else waits in review."
          : "What the bank signed, and what came to your private address from a bank that signs nothing. A bank's mail without its signature waits in review."
      }
    </p>
    <form method="post" action="/settings">
      <input type="hidden" name="required" value="${isRequired ? "no" : "yes"}" />
      <button class="quiet" name="action" value="require-signatures">
        ${isRequired ? "Book other alerts as well" : "Book only what the bank signed"}
      </button>
    </form>`;
}

function routeRow({ id, route, at }: TrustView["routes"][number]): Html {
  const words = sayRoute(route);
  return html`<li>
    <span
      >${words.charAt(0).toUpperCase()}${words.slice(1)} <span class="soft">Since ${time(at, sayDate(at))}</span></span
    >
    <form method="post" action="/settings">
      <input type="hidden" name="route" value="${id}" />
      <button class="quiet" name="action" value="distrust" aria-label="Stop trusting ${words}">Stop trusting</button>
    </form>
  </li>`;
}
