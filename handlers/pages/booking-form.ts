import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A purchase as a person types it. */
export type TypedBooking = {
  readonly merchant: string;
  /** As written, of money that came back with a minus. */
  readonly amount: string;
  /** An ISO 4217 code. */
  readonly currency: string;
  /** Such as 2026-11-17. */
  readonly date: string;
};

/** What was typed and not taken, with a sentence for each field that was wrong. */
export type RejectedBooking = {
  readonly typed: TypedBooking;
  readonly errors: { readonly [Field in keyof TypedBooking]?: string | undefined };
};

/** Books a mail in review as the person types it. `number` tells the forms of a page apart. */
export function bookingForm(
  id: string,
  number: number,
  { typed, errors }: RejectedBooking,
  words: { readonly summary: string; readonly isOpen: boolean },
): Html {
  const input = (name: keyof TypedBooking, label: string, attributes: Html): Html =>
    field({ name, id: `${name}-${number}`, label, value: typed[name], error: errors[name], attributes });
  return html`<details ${words.isOpen && html`open`}>
    <summary>${words.summary}</summary>
    <form method="post" action="/review/${encodeURIComponent(id)}">
      ${input("merchant", "Merchant", html`required maxlength="200" autocomplete="off"`)}
      ${input("amount", "Amount", html`required inputmode="decimal" autocomplete="off"`)}
      ${input("currency", "Currency, like USD", html`required maxlength="3" autocomplete="off" autocapitalize="characters"`)}
      ${input("date", "Day", html`type="date" required`)}
      <button name="action" value="enter">Book this</button>
    </form>
  </details>`;
}
