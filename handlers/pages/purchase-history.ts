import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayMoment, time } from "./say-when.ts";

/** One step in a purchase's life, in the account's zone. */
export type HistoryEntry = {
  readonly at: Temporal.ZonedDateTime;
  readonly what: "booked" | "changed" | "undone" | "removed";
  /** What the step did to each; left out where it did nothing. */
  readonly merchant?: { readonly from: string; readonly to: string } | undefined;
  readonly amount?: { readonly from: Money; readonly to: Money } | undefined;
};

const WORDS: Record<HistoryEntry["what"], string> = {
  booked: "Booked from the mail",
  changed: "You changed it",
  undone: "You took the last change back",
  removed: "You removed it",
};

/** Everything that happened to a purchase, in the order given. */
export function purchaseHistory(entries: readonly HistoryEntry[]): Html {
  return html`<section class="card">
    <h2>What happened to it</h2>
    <ol class="history">
      ${entries.map(
        (entry) =>
          html`<li>
            ${WORDS[entry.what]} <span class="soft">${time(entry.at, sayMoment(entry.at))}</span>${details(entry)}
          </li>`,
      )}
    </ol>
  </section>`;
}

function details({ merchant, amount }: HistoryEntry): Html {
  return html`${merchant && html`<p><del>${merchant.from}</del> → <ins>${merchant.to}</ins></p>`}${
    amount && html`<p><del>${formatMoney(amount.from)}</del> → <ins>${formatMoney(amount.to)}</ins></p>`
  }`;
}
