/** One inbound mail as parsers see it: the parts of the message that say what happened, free of any provider's shape. */
export type Mail = {
  /** Bare address of the sender, lower case. */
  readonly from: string;
  readonly fromName: string;
  readonly subject: string;
  /** The Date header as the sender wrote it; may be empty or wrong. */
  readonly date: string;
  readonly receivedAt: Temporal.Instant;
  /** The text/plain part; banks leave it empty, or put a stub without data in it. */
  readonly text: string;
  /** The text/html part; may be empty. */
  readonly html: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

/** A mail made ready for a parser. */
export type ReadableMail = {
  readonly from: string;
  readonly subject: string;
  /** The mail's own date: its Date header, or the time of receipt when that header can't be believed. */
  readonly date: Temporal.Instant;
  /** The words of the body in reading order, one table cell or paragraph each, trimmed, white space folded, none empty. */
  readonly lines: readonly string[];
};

export const EVENT_KINDS = [
  "purchase",
  "withdrawal",
  "refund",
  "reversal",
  "declined",
  "transfer",
  "card_payment",
  "fee",
  "deposit",
  "notice",
] as const;

/** What an alert says happened. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** One thing that an alert says happened. */
export type MailEvent = {
  readonly kind: EventKind;
  /** Positive minor units as written in the mail; whether it counts as spending follows from `kind`. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  /** As the institution wrote it, white space folded. */
  readonly merchant: string;
  /** The last digits of the card or account as written, or null when the mail names none. */
  readonly card: string | null;
  /** An instant, or a date when the mail gives no time of day, or null when it names neither (then the mail's own date counts). */
  readonly occurred: Temporal.Instant | Temporal.PlainDate | null;
  /** From 0 to 1. A parser that knows the layout says 1. */
  readonly confidence: number;
  /** The very words that were read, so that the purchase's page can point at them in the mail. */
  readonly words: { readonly amount: string; readonly merchant: string; readonly occurred: string };
};

/** What a parser made of a mail. It never throws and never guesses: a missing amount is `failed`, never 0. */
export type Reading =
  /** The events are complete; none of them need be spending. */
  | { readonly outcome: "understood"; readonly layout: string; readonly events: readonly MailEvent[] }
  /** Recognised, and nothing happened that could be booked: a summary, a statement, a notice. */
  | { readonly outcome: "skipped"; readonly layout: string; readonly reason: string }
  /** From this institution, but not understood; `isUnknownForm` when no layout is for such mails, so that none refused it. */
  | { readonly outcome: "failed"; readonly reason: string; readonly isUnknownForm?: true };

/** One institution's parser: a pure function from mail to events, and what is known about its senders. */
export type Parser = {
  /** The folder's name, kebab-case. */
  readonly id: string;
  /** The name people know. */
  readonly name: string;
  /** Addresses the alerts come from, lower case. */
  readonly senders: readonly string[];
  /** Domains whose DKIM signature makes a mail this institution's; empty when none was ever verified. */
  readonly dkimDomains: readonly string[];
  /** The layouts it reads, each with where its sample comes from and what its mails say happened. */
  readonly layouts: readonly {
    readonly name: string;
    readonly sample: "real" | "described";
    readonly kinds: readonly EventKind[];
  }[];
  readonly read: (mail: ReadableMail) => Reading;
};
