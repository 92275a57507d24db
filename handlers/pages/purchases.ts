import type { Money } from "../../ledger/money.ts";
import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { purchaseList, saySums } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { dateOf, sayLongDay } from "./say-when.ts";

/** A search as it was typed; empty strings ask for nothing. */
export type PurchaseSearch = { readonly q: string; readonly from: string; readonly to: string };

/** One page of all purchases, or of those a search found. */
export type PurchasesView = {
  readonly frame: Frame;
  readonly search: PurchaseSearch;
  /** Why a date of the search was not understood. */
  readonly errors?: { readonly from?: string | undefined; readonly to?: string | undefined } | undefined;
  /** Newest first. */
  readonly purchases: readonly PurchaseRow[];
  /** What everything found comes to, on all pages together: per currency, without samples and what was removed. */
  readonly totals: readonly Money[];
  /** The `before` value of the next, older page; null on the last one. */
  readonly older: string | null;
  /** Whether this page itself was reached by a `before` link. */
  readonly isLaterPage: boolean;
};

/** Served at /purchases. The search is a GET form: what it finds has an address that can be kept. */
export function purchasesPage(view: PurchasesView): string {
  return layout({
    title: "Purchases",
    frame: view.frame,
    current: "/purchases",
    isColumn: true,
    body: html`<h1>Purchases</h1>
      ${searchForm(view)}
      <section class="card" aria-label="Found">
        ${view.purchases.length === 0 ? nothing(view.search) : found(view)}
      </section>`,
  });
}

function searchForm({ search, errors }: PurchasesView): Html {
  return html`<search>
    <form class="card search" action="/purchases">
      ${field({ name: "q", label: "Merchant", value: search.q, attributes: html`type="search" maxlength="200"` })}
      ${field({ name: "from", label: "From", value: search.from, error: errors?.from, attributes: html`type="date"` })}
      ${field({ name: "to", label: "To", value: search.to, error: errors?.to, attributes: html`type="date"` })}
      <button>Search</button>
    </form>
  </search>`;
}

function found(view: PurchasesView): Html {
  const { purchases, totals, older, isLaterPage, search } = view;
  const byDay = Map.groupBy(purchases, (purchase) => dateOf(purchase.occurred).toString());
  const words = isSearch(search) ? "All that was found comes to" : "All purchases come to";
  return html`${totals.length > 0 && html`<p>${words} <span class="amount">${saySums(totals)}</span></p>`}
    ${[...byDay].map(
      ([date, ofDay]) =>
        html`<h2 class="day"><a href="/day/${date}">${sayLongDay(Temporal.PlainDate.from(date))}</a></h2>
          ${purchaseList(ofDay)}`,
    )}
    <nav class="steps" aria-label="Pages">
      ${isLaterPage ? html`<a href="${address(search)}">‹ Newest</a>` : html`<span></span>`}
      ${older !== null && html`<a href="${address(search, older)}" rel="next">Older ›</a>`}
    </nav>`;
}

function nothing(search: PurchaseSearch): Html {
  return isSearch(search)
    ? html`<p>No purchase fits this search.</p>
        <p><a href="/purchases">Show all purchases</a></p>`
    : html`<p>Nothing yet. The next step: let your bank mail its alerts to your private address.</p>
        <p><a class="button" href="/connect">Connect your bank</a></p>`;
}

function isSearch(search: PurchaseSearch): boolean {
  return Object.values(search).some((typed) => typed !== "");
}

function address(search: PurchaseSearch, before?: string): string {
  const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value !== ""));
  if (before !== undefined) query.set("before", before);
  return query.size === 0 ? "/purchases" : `/purchases?${query}`;
}
