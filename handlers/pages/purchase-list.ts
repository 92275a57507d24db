import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayClock, time } from "./say-when.ts";
import type { When } from "./say-when.ts";

/** A purchase as lists show it. */
export type PurchaseRow = {
  readonly id: string;
  /** What the alert said happened, one of the event kinds. */
  readonly kind: string;
  readonly merchant: string;
  /** Signed: a refund is negative. */
  readonly amount: Money;
  /** In the account's zone. */
  readonly occurred: When;
  /** "Chase", or null when nobody knows. */
  readonly institution: string | null;
  /** The last digits as written, or null. */
  readonly card: string | null;
  /** Made by the sample alert: shown, and in no total. */
  readonly sample: boolean;
  /** Why it is in no total, when it isn't for being a sample. */
  readonly leftOut: LeftOut | null;
};

/** Taken out by the person, counted together with another one, or none after all. */
export type LeftOut = "removed" | "joined" | "withdrawn";

/** The purchases as a list of links, in the order given. */
export function purchaseList(rows: readonly PurchaseRow[]): Html {
  return html`<ul class="rows">
    ${rows.map(
      (row) =>
        html`<li>
          <a href="/purchases/${encodeURIComponent(row.id)}"><bdi>${sayMerchant(row.merchant)}</bdi></a>
          <span class="amount${row.amount.amountMinor < 0 && " back"}">${formatMoney(row.amount)}</span>
          <span class="soft">${whenAndWhere(row)}${tags(row)}</span>
        </li>`,
    )}
  </ul>`;
}

/** The merchant's name; some alerts give none, and a link without words can't be followed by ear. */
export function sayMerchant(merchant: string): string {
  return merchant.trim() === "" ? "No name given" : merchant;
}

/** "$48.75 and ¥480": sums of several currencies in one line, never added up. */
export function saySums(sums: readonly Money[]): string {
  return sums.map(formatMoney).join(" and ");
}

/** "Chase ··1234", "Chase", or "" when nothing is known about where the alert came from. */
export function sayCard(of: Pick<PurchaseRow, "institution" | "card">): string {
  return [of.institution, of.card === null ? null : `··${of.card}`].filter((part) => part !== null).join(" ");
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["refund", "Refund"],
  ["reversal", "Reversal"],
  ["withdrawal", "Cash"],
  ["fee", "Fee"],
]);

/** What kind of event counts here, when it isn't a plain purchase: "Refund". */
export function sayKind(kind: string): string | null {
  return KINDS.get(kind) ?? null;
}

function whenAndWhere(row: PurchaseRow): Html {
  const card = sayCard(row);
  const clock = row.occurred instanceof Temporal.PlainDate ? null : time(row.occurred, sayClock(row.occurred));
  return html`${clock}${clock && card && " · "}${card}`;
}

const LEFT_OUT: Readonly<Record<LeftOut, string>> = {
  removed: "Removed, in no total",
  joined: "Counted with another",
  withdrawn: "No purchase after all",
};

function tags(row: PurchaseRow): Html {
  const kind = sayKind(row.kind);
  return html`${kind && html` <span class="tag">${kind}</span>`}${row.sample && html` <span class="tag">Sample, in no total</span>`}${row.leftOut !== null && html` <span class="tag">${LEFT_OUT[row.leftOut]}</span>`}`;
}
