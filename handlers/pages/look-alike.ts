import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailText } from "./mail-text.ts";
import type { MailView } from "./mail-text.ts";
import { sayCard, sayMerchant } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { sayMoment, time } from "./say-when.ts";

/** Two purchases that may be one, and what the person can say of them. */
export type LookAlikeView = {
  readonly id: string;
  /** Why they may be one, as a sentence. */
  readonly reason: string;
  readonly state: "waiting" | "joined" | "apart";
  /** The one that was told first comes first. */
  readonly sides: readonly LookAlikeSide[];
  /** What may count when they are one, the likelier first; a single one when it makes no difference. */
  readonly choices: readonly { readonly keep: string; readonly amount: Money }[];
  /** Why they can't be joined, as a sentence; null when they can, or are. */
  readonly obstacle: string | null;
  /** The decision that undo takes back; null when there is none. */
  readonly undoable: string | null;
};

/** One of the two. */
export type LookAlikeSide = {
  readonly purchase: PurchaseRow;
  readonly mail: MailView;
  /** The purchase that counts for it; null when it counts itself. */
  readonly countedAs: PurchaseRow | null;
};

const QUESTION = "May these be one purchase?";
const HEADINGS = {
  waiting: QUESTION,
  joined: "You said that these are one",
  apart: "You said that these are two",
} as const;

/** Served at /review/look-alikes/ID: the two by themselves, whatever was said of them. */
export function lookAlikePage({ frame, pair }: { readonly frame: Frame; readonly pair: LookAlikeView }): string {
  return layout({
    title: HEADINGS[pair.state],
    frame,
    current: "/review",
    isColumn: true,
    body: html`<h1>${HEADINGS[pair.state]}</h1>
      <section class="card">${bodyOf(pair, { isOpen: true })}</section>
      <p><a href="/review">All that waits for you</a></p>`,
  });
}

/** A part of /review. */
export function lookAlikeCard(pair: LookAlikeView): Html {
  return html`<section class="card">
    <h2>${QUESTION}</h2>
    ${bodyOf(pair, { isOpen: false })}
  </section>`;
}

/** "$15.00 at Corner Store", with a link to it. */
export function purchaseLink({ id, amount, merchant }: PurchaseRow): Html {
  return html`<a href="/purchases/${encodeURIComponent(id)}"
    >${formatMoney(amount)} at <bdi>${sayMerchant(merchant)}</bdi></a
  >`;
}

function bodyOf(pair: LookAlikeView, mails: { readonly isOpen: boolean }): Html {
  return html`<p>${pair.reason}</p>
    <div class="split even">${pair.sides.map((side) => sideOf(side, mails))}</div>
    ${pair.obstacle !== null && html`<p>${pair.obstacle}</p>`}
    <div class="buttons">${joinForm(pair)} ${otherForm(pair)}</div>`;
}

function sideOf({ purchase, mail, countedAs }: LookAlikeSide, { isOpen }: { readonly isOpen: boolean }): Html {
  const card = sayCard(purchase);
  return html`<div>
    <p><b>${purchaseLink(purchase)}</b></p>
    <p class="soft">${time(purchase.occurred, sayMoment(purchase.occurred))}${card && html` · ${card}`}</p>
    ${countedAs && html`<p class="soft">Counted together with ${purchaseLink(countedAs)}</p>`}
    <details ${isOpen && html`open`}>
      <summary>The mail of ${time(mail.date, sayMoment(mail.date))}</summary>
      <p class="soft"><bdi>${mail.from}</bdi></p>
      <p><bdi>${mail.subject || "(no subject)"}</bdi></p>
      ${mailText(mail)}
    </details>
  </div>`;
}

function joinForm({ id, choices }: LookAlikeView): Html | null {
  if (choices.length === 0) return null;
  const words = (amount: Money): string => (choices.length === 1 ? "They are one" : `One: keep ${formatMoney(amount)}`);
  return html`<form class="buttons" method="post" action="${actionOf(id)}">
    <input type="hidden" name="action" value="join" />
    ${choices.map(
      ({ keep, amount }, index) =>
        html`<button ${index > 0 && html`class="quiet"`} name="keep" value="${keep}">${words(amount)}</button>`,
    )}
  </form>`;
}

function otherForm({ id, state, undoable, obstacle }: LookAlikeView): Html {
  return html`<form class="buttons" method="post" action="${actionOf(id)}">
    ${state === "joined" && html`<button name="action" value="apart">Part them</button>`}
    ${state === "waiting" && obstacle === null && html`<button class="quiet" name="action" value="apart">They are two</button>`}
    ${
      undoable !== null &&
      html`<input type="hidden" name="change" value="${undoable}" /><button class="quiet" name="action" value="undo">
          Take back what you said
        </button>`
    }
  </form>`;
}

function actionOf(id: string): string {
  return `/review/look-alikes/${encodeURIComponent(id)}`;
}
