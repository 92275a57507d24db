import { formatAmount, formatMoney } from "../../ledger/money.ts";
import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailCard } from "./mail-card.ts";
import type { MailView } from "./mail-text.ts";
import { purchaseLink } from "./look-alike.ts";
import { purchaseHistory } from "./purchase-history.ts";
import type { HistoryEntry } from "./purchase-history.ts";
import { furtherMails, purchaseLookAlikes } from "./purchase-look-alikes.ts";
import type { PurchaseLookAlikes } from "./purchase-look-alikes.ts";
import { sayKind, sayMerchant } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { dateOf, sayLongDay, sayZone, time } from "./say-when.ts";

/** One purchase with everything known about it. */
export type PurchaseView = {
  readonly frame: Frame;
  /** As it stands now, after every change. */
  readonly purchase: PurchaseRow;
  /** The merchant as its mail wrote it. */
  readonly written: string;
  /** Whether its name is one that the person gave the merchant for every time. */
  readonly isAlwaysNamed: boolean;
  /** Whether it can be given one. */
  readonly mayBeNamed: boolean;
  /** The purchase that this money came back for, when it can be told which. */
  readonly refundOf: PurchaseRow | null;
  /** What came back for this purchase, oldest first. */
  readonly refunds: readonly PurchaseRow[];
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
  /** Whether its mail is now taken for no purchase at all, so that the person may say it was one. */
  readonly isMailNoPurchase: boolean;
  readonly alike: PurchaseLookAlikes;
};

/** A change that was refused. */
export type RejectedChange = {
  readonly merchant: string;
  readonly amount: string;
  /** Whether the merchant was to be called so every time. */
  readonly always?: boolean;
  readonly errors: { readonly merchant?: string | undefined; readonly amount?: string | undefined };
};

/** Served at /purchases/ID. */
export function purchasePage(view: PurchaseView): string {
  const { purchase, mail, alike } = view;
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
          ${purchaseLookAlikes(purchase.id, alike)} ${whatToDo(view)} ${purchaseHistory(view.history)}
        </div>
        <div>${mail && mailCard("The mail it came from", mail)} ${furtherMails(alike)}</div>
      </div>`,
  });
}

function dayLink({ occurred }: PurchaseRow): Html {
  const date = dateOf(occurred);
  return html`<a href="/day/${date.toString()}">‹ All of ${sayLongDay(date)}</a>`;
}

function facts({ purchase, origin, written, isAlwaysNamed, refundOf, refunds }: PurchaseView): Html {
  const { occurred, institution, card, sample } = purchase;
  const kind = sayKind(purchase.kind);
  const zone = occurred instanceof Temporal.PlainDate ? "" : ` ${sayZone(occurred.timeZoneId)}`;
  return html`<dl>
    ${
      written !== purchase.merchant &&
      html`<dt>As written</dt>
        <dd>
          <bdi>${sayMerchant(written)}</bdi>${isAlwaysNamed && html`, which you <a href="/settings">always call</a> so`}
        </dd>`
    }
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
    ${
      refundOf &&
      html`<dt>Refund of</dt>
        <dd>${purchaseLink(refundOf)}</dd>`
    }
    ${refunds.map(
      (refund) =>
        html`<dt>Refunded by</dt>
          <dd>${purchaseLink(refund)}</dd>`,
    )}
    <dt>Mail</dt>
    <dd>${origin}</dd>
    ${
      sample &&
      html`<dt>Sample</dt>
        <dd>It is in no total.</dd>`
    }
  </dl>`;
}

/** What was joined is changed where it counts, and what is none can't be changed. */
function whatToDo(view: PurchaseView): Html | null {
  switch (view.purchase.leftOut) {
    case null:
      return changeForm(view);
    case "removed":
      return putBack(view);
    case "withdrawn":
      return withdrawn(view);
    case "joined":
      return null;
  }
}

function withdrawn({ isMailNoPurchase }: PurchaseView): Html {
  return html`<section class="card">
    <p>We read its mail again and found that it tells of no such purchase. It is in no total any more.</p>
    ${
      isMailNoPurchase &&
      html`<p>
        If it was one, say so beside <a href="/mails?outcome=not_a_purchase">the mails that are not purchases</a>.
      </p>`
    }
  </section>`;
}

function changeForm({ purchase, undoable, rejected, mayBeNamed }: PurchaseView): Html {
  const typed: RejectedChange = rejected ?? {
    merchant: purchase.merchant,
    amount: formatAmount(purchase.amount),
    errors: {},
  };
  return html`<section class="card">
    <h2>Not right?</h2>
    <form method="post" action="/purchases/${encodeURIComponent(purchase.id)}">
      ${field({ name: "merchant", label: "Merchant", value: typed.merchant, error: typed.errors.merchant, attributes: html`required maxlength="200" autocomplete="off"` })}
      ${
        mayBeNamed &&
        html`<div class="field">
          <label
            ><input type="checkbox" name="always" value="yes" ${typed.always && html`checked`} /> Call it so every
            time</label
          >
        </div>`
      }
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
