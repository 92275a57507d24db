import { formatAmount, formatMoney } from "../../ledger/money.ts";
import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { purchaseHistory } from "./purchase-history.ts";
import type { HistoryEntry } from "./purchase-history.ts";
import { sayKind, sayMerchant } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { dateOf, sayLongDay, sayMoment, sayZone, time } from "./say-when.ts";

/** One purchase with everything known about it. */
export type PurchaseView = {
  readonly frame: Frame;
  /** As it stands now, after every change. */
  readonly purchase: PurchaseRow;
  /** How the mail's origin is known: "signed by chase.com", "not signed by the bank". */
  readonly origin: string;
  /** The id of the newest change that stands, which undo takes back; null when there is none. */
  readonly undoable: string | null;
  /** What was typed and not taken, with a sentence for each field that was wrong. */
  readonly rejected?: RejectedChange | undefined;
  /** Newest first; the booking itself is the last. */
  readonly history: readonly HistoryEntry[];
  /** Null for what came from no mail. */
  readonly mail: MailView | null;
};

/** A change that was refused. */
export type RejectedChange = {
  readonly merchant: string;
  readonly amount: string;
  readonly errors: { readonly merchant?: string | undefined; readonly amount?: string | undefined };
};

/** Served at /purchases/ID. */
export function purchasePage(view: PurchaseView): string {
  const { purchase, mail } = view;
  const name = sayMerchant(purchase.merchant);
  return layout({
    title: `${formatMoney(purchase.amount)} at ${name}`,
    frame: view.frame,
    current: "/purchases",
    body: html`<p class="crumb">${dayLink(purchase)}</p>
      <div class="split">
        <div>
          <section class="card">
            <h1><bdi>${name}</bdi></h1>
            <p class="big">${formatMoney(purchase.amount)}</p>
            ${facts(view)}
          </section>
          ${purchase.removed ? putBack(view) : changeForm(view)} ${purchaseHistory(view.history)}
        </div>
        ${mail && mailCard(mail)}
      </div>`,
  });
}

function dayLink({ occurred }: PurchaseRow): Html {
  const date = dateOf(occurred);
  return html`<a href="/day/${date.toString()}">‹ All of ${sayLongDay(date)}</a>`;
}

function facts({ purchase, origin }: PurchaseView): Html {
  const { occurred, institution, card, sample } = purchase;
  const kind = sayKind(purchase.kind);
  const zone = occurred instanceof Temporal.PlainDate ? "" : ` ${sayZone(occurred.timeZoneId)}`;
  return html`<dl>
    <dt>When</dt>
    <dd>${time(occurred)}${zone}</dd>
    ${
      kind &&
      html`<dt>Kind</dt>
        <dd>${kind}</dd>`
    }
    ${
      institution !== null &&
      html`<dt>Bank</dt>
        <dd>${institution}</dd>`
    }
    ${
      card !== null &&
      html`<dt>Card</dt>
        <dd>ends in ${card}</dd>`
    }
    <dt>Mail</dt>
    <dd>${origin}</dd>
    ${
      sample &&
      html`<dt>Sample</dt>
        <dd>It is in no total.</dd>`
    }
  </dl>`;
}

function changeForm({ purchase, undoable, rejected }: PurchaseView): Html {
  const typed: RejectedChange = rejected ?? {
    merchant: purchase.merchant,
    amount: formatAmount(purchase.amount),
    errors: {},
  };
  return html`<section class="card">
    <h2>Not right?</h2>
    <form method="post" action="/purchases/${encodeURIComponent(purchase.id)}">
      ${field({ name: "merchant", label: "Merchant", value: typed.merchant, error: typed.errors.merchant, attributes: html`required maxlength="200" autocomplete="off"` })}
      ${field({ name: "amount", label: `Amount in ${purchase.amount.currency}`, value: typed.amount, error: typed.errors.amount, attributes: html`required inputmode="decimal" autocomplete="off"` })}
      <div class="buttons">
        <button name="action" value="save">Save</button>
        ${undoable !== null && html`${namedChange(undoable)}<button class="quiet" name="action" value="undo" formnovalidate>Undo the last change</button>`}
        <button class="quiet" name="action" value="remove" formnovalidate>Remove</button>
      </div>
    </form>
  </section>`;
}

function putBack({ purchase, undoable }: PurchaseView): Html {
  return html`<form class="card" method="post" action="/purchases/${encodeURIComponent(purchase.id)}">
    <p>You removed this purchase. It is in no total.</p>
    ${undoable !== null && namedChange(undoable)}<button name="action" value="undo">Put it back</button>
  </form>`;
}

/** What undo takes back, so that a second press of its button finds it gone and takes nothing else. */
function namedChange(id: string): Html {
  return html`<input type="hidden" name="change" value="${id}" />`;
}

function mailCard(mail: MailView): Html {
  return html`<section class="card">
    <h2>The mail it came from</h2>
    <dl>
      <dt>From</dt>
      <dd><bdi>${mail.from}</bdi></dd>
      <dt>Subject</dt>
      <dd><bdi>${mail.subject}</bdi></dd>
      <dt>Date</dt>
      <dd>${time(mail.date, sayMoment(mail.date))}</dd>
    </dl>
    ${mail.words.length > 0 && html`<p class="soft">The <mark>marked</mark> words are what we read.</p>`}
    ${mailText(mail)}
  </section>`;
}
