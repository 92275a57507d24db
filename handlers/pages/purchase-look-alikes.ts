import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { purchaseLink } from "./look-alike.ts";
import { mailCard } from "./mail-card.ts";
import type { MailView } from "./mail-text.ts";
import type { PurchaseRow } from "./purchase-list.ts";

/** What may be, or is, the same purchase as this one. */
export type PurchaseLookAlikes = {
  /** The purchase that counts for this one; null when it counts itself. */
  readonly countedAs: PurchaseRow | null;
  readonly pairs: readonly {
    readonly id: string;
    readonly state: "waiting" | "joined" | "apart";
    readonly other: PurchaseRow;
  }[];
  /** What was joined into this one, each with its mail. */
  readonly joined: readonly { readonly purchase: PurchaseRow; readonly mail: MailView }[];
};

/** A part of a purchase's page: each look-alike, and how to join or part them. Nothing when there is none. */
export function purchaseLookAlikes(id: string, { countedAs, pairs }: PurchaseLookAlikes): Html | null {
  if (pairs.length === 0) return null;
  // In a chain, what counts for it may be one that it was never compared with.
  const isApart = !pairs.some(({ state, other }) => state === "joined" && other.id === countedAs?.id);
  return html`<section class="card">
    <h2>Told in more than one mail?</h2>
    ${countedAs && isApart && html`<p>${countedWith(countedAs)}</p>`}
    <ul class="acts">
      ${pairs.map((pair) => html`<li>${pairOf(pair, id, countedAs)}</li>`)}
    </ul>
  </section>`;
}

/** The mails of what was joined into the purchase: they tell of it as well. */
export function furtherMails({ joined }: PurchaseLookAlikes): Html[] {
  return joined.map(({ purchase, mail }) =>
    mailCard("Another mail about it", mail, html`<p>By itself it would count as ${purchaseLink(purchase)}.</p>`),
  );
}

function countedWith(countedAs: PurchaseRow): Html {
  return html`Counted together with ${purchaseLink(countedAs)}. By itself, it is in no total.`;
}

function pairOf(
  { id, state, other }: PurchaseLookAlikes["pairs"][number],
  purchaseId: string,
  countedAs: PurchaseRow | null,
): Html {
  const path = `/review/look-alikes/${encodeURIComponent(id)}`;
  switch (state) {
    case "joined":
      return html`<span
          >${other.id === countedAs?.id ? countedWith(other) : html`You said that it is one with ${purchaseLink(other)}.`}</span
        >
        <form method="post" action="${path}">
          <input type="hidden" name="from" value="${purchaseId}" />
          <button class="quiet" name="action" value="apart">Part them</button>
        </form>`;
    case "apart":
      return html`<span>You said that it is another one than ${purchaseLink(other)}.</span>
        <a class="button quiet" href="${path}">Look again</a>`;
    case "waiting":
      return html`<span>It may be one with ${purchaseLink(other)}.</span>
        <a class="button quiet" href="${path}">Compare them</a>`;
  }
}
