import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import type { Choice, Choices } from "../../parsers/choices.ts";
import type { EventKind } from "../../parsers/parser.ts";
import { field } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailText } from "./mail-text.ts";
import { time } from "./say-when.ts";

/** What was chosen; a choice is `LINE.START.LENGTH`, empty for none. */
export type TeachForm = {
  readonly amount: string;
  readonly merchant: string;
  /** The merchant's exact words, when they are not among the choices. */
  readonly merchantWords: string;
  readonly when: string;
  readonly card: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly dates: "day-first" | "month-first";
  readonly kind: EventKind;
};

/** What would be made of one of the sender's mails. */
export type Trial = {
  readonly subject: string;
  readonly at: Temporal.ZonedDateTime;
  readonly result:
    | { readonly fits: true; readonly merchant: string; readonly amount: Money }
    | { readonly fits: false; readonly why: string };
};

/** A mail that its person teaches with. */
export type TeachView = {
  readonly frame: Frame;
  readonly id: string;
  readonly subject: string;
  readonly form: TeachForm;
  readonly choices: Choices;
  readonly lines: readonly string[];
  /** What is wrong with what was chosen, as a sentence. */
  readonly error: string | null;
  /** This mail first; empty until all is chosen. */
  readonly trials: readonly Trial[];
};

const KINDS: readonly (readonly [EventKind, string])[] = [
  ["purchase", "Something bought"],
  ["withdrawal", "Cash taken out"],
  ["fee", "A fee"],
  ["refund", "Money that came back"],
  ["transfer", "A transfer, which is no spending"],
  ["declined", "Nothing, it was declined"],
];

/** What a mail can be taught to tell of. */
export const TEACHABLE_KINDS: ReadonlySet<EventKind> = new Set(KINDS.map(([kind]) => kind));

/** Served at /review/ID/teach. */
export function teachPage(view: TeachView): string {
  const { frame, subject, trials, error, lines } = view;
  return layout({
    title: "Teach us this mail",
    frame,
    current: "/review",
    isColumn: true,
    body: html`<h1>Teach us to read this mail</h1>
      <p>
        Show us once where the values stand. Mails of this sender whose other words are the same are then booked by
        themselves; any other one waits in review as before.
      </p>
      ${trials.length > 0 && preview(view)}
      <section class="card">
        <h2><bdi>${subject || "(no subject)"}</bdi></h2>
        ${error !== null && html`<p class="error" role="alert">${error}</p>`} ${chooser(view)}
      </section>
      <section class="card">
        <h2>The mail</h2>
        ${mailText({ lines, words: [] })}
      </section>
      <p><a href="/review">Back to all that waits</a></p>`,
  });
}

function chooser({ id, form, choices, lines }: TeachView): Html {
  return html`<form method="get" action="/review/${encodeURIComponent(id)}/teach">
    ${select("amount", "The amount", choices.amounts, form.amount, lines)}
    ${select("merchant", "The merchant", choices.merchants, form.merchant, lines)}
    ${field({
      name: "merchant-words",
      label: "Or the merchant's exact words, if they are not in the list",
      value: form.merchantWords,
      attributes: html`maxlength="100" autocomplete="off"`,
    })}
    ${select("when", "The day or time, if the mail names it", choices.days, form.when, lines)}
    ${select("card", "The card's digits, if the mail names them", choices.cards, form.card, lines)}
    ${options("kind", "What happened", KINDS, form.kind)}
    ${options(
      "dates",
      "A day like 03/04 is",
      [
        ["month-first", "the 4th of March"],
        ["day-first", "the 3rd of April"],
      ],
      form.dates,
    )}
    ${field({
      name: "currency",
      label: "Currency, where the mail names none",
      value: form.currency,
      attributes: html`required maxlength="3" autocomplete="off" autocapitalize="characters"`,
    })}
    <button>Show what it does</button>
  </form>`;
}

function select(
  name: string,
  label: string,
  choices: readonly Choice[],
  chosen: string,
  lines: readonly string[],
): Html {
  const values = choices.map((choice) => {
    const { line, start, length, text } = choice;
    return [`${line}.${start}.${length}`, `${text}${inLine(lines[line] ?? "", text)}`] as const;
  });
  return options(name, label, [["", "–"], ...values], chosen);
}

/** The line that a value stands in, where it is more than the value. */
function inLine(line: string, text: string): string {
  if (line === text) return "";
  return ` (in: ${line.length > 60 ? `${line.slice(0, 60)}…` : line})`;
}

function options(name: string, label: string, all: readonly (readonly [string, string])[], chosen: string): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${all.map(([value, words]) => html`<option value="${value}" ${value === chosen && html`selected`}>${words}</option>`)}
    </select>
  </div>`;
}

function preview({ id, form, trials }: TeachView): Html {
  const hidden = {
    ...{ amount: form.amount, merchant: form.merchant, "merchant-words": form.merchantWords, when: form.when },
    ...{ card: form.card, kind: form.kind, dates: form.dates, currency: form.currency },
  };
  return html`<section class="card">
    <h2>What we would read</h2>
    <ul class="rows">
      ${trials.map(({ subject, at, result }) => trial(subject, at, result))}
    </ul>
    <form method="post" action="/review/${encodeURIComponent(id)}/teach">
      ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button>Read such mails so from now on</button>
    </form>
  </section>`;
}

function trial(subject: string, at: Temporal.ZonedDateTime, result: Trial["result"]): Html {
  return html`<li>
    ${
      result.fits
        ? html`<bdi>${result.merchant}</bdi> <span class="amount">${formatMoney(result.amount)}</span>`
        : html`<span>${result.why}</span>`
    }
    <span class="soft"><bdi>${subject || "(no subject)"}</bdi> · ${time(at)}</span>
  </li>`;
}
