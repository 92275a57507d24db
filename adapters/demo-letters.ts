import type { DemoEvent } from "./demo-days.ts";

/** An alert as an institution would write it. */
export type DemoLetter = {
  readonly from: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly html: string;
};

const CHASE = { name: "Chase", address: "no.reply.alerts@chase.com" };
const SCHWAB = { name: "Charles Schwab", address: "donotreply-comm@schwab.com" };
const UNKNOWN = { name: "First Harbor Credit Union", address: "alerts@firstharbor.example" };
const CARD = "Sample Rewards Card (...4821)";
const CHECKING = "(...7730)";

/** The alert about an event: the words, labels and order of today's mails, in a table of our own. */
export function demoLetter({ kind, merchant, amountMinor, at }: DemoEvent, occurred: Temporal.Instant): DemoLetter {
  const amount = dollars(amountMinor);
  switch (kind) {
    case "card":
      return {
        from: CHASE,
        subject: `You made a ${amount} transaction with ${merchant}`,
        html: page(
          `You made a ${amount} transaction`,
          rows([
            ["Account", CARD],
            ["Date", easternTime(occurred)],
            ["Merchant", merchant],
            ["Amount", amount],
          ]),
        ),
      };
    case "transfer":
      return {
        from: CHASE,
        subject: `You sent ${amount} from account ending in ${CHECKING}`,
        html: page(
          `You sent ${amount} to ${merchant}`,
          rows([
            ["Account ending in", CHECKING],
            ["Sent on", easternTime(occurred)],
            ["Recipient", merchant],
            ["Amount", amount],
          ]),
        ),
      };
    case "summary":
      return {
        from: CHASE,
        subject: `Your daily summary for account ending in ${CHECKING}`,
        html: page(
          `Account summary for ${longDate(at.toPlainDate().subtract({ days: 1 }))}`,
          rows([
            ["Account ending in", CHECKING],
            ["Total Withdrawals", amount],
            ["Total Deposits", "$0.00"],
          ]),
        ),
      };
    case "debit":
      return {
        from: SCHWAB,
        subject: "Purchase more than your alert threshold",
        html: page(
          "Schwab Bank Debit Card Alert",
          `<p>A recent purchase made using your debit card ending in 3906 was over your alert threshold.</p>${rows([
            ["Merchant Name", "Amount"],
            [merchant, amount],
          ])}`,
        ),
      };
    case "unknown":
      return {
        from: UNKNOWN,
        subject: "Your card was used",
        html: page("Your card was used", `<p>${amount} at ${merchant}, ${longDate(at.toPlainDate())}.</p>`),
      };
  }
}

function page(headline: string, body: string): string {
  return `<html><body><h1>${headline}</h1>${body}<p>An invented mail of the demonstration account.</p></body></html>`;
}

function rows(cells: readonly (readonly [string, string])[]): string {
  return `<table>${cells.map(([left, right]) => `<tr><td>${left}</td><td>${right}</td></tr>`).join("")}</table>`;
}

function dollars(amountMinor: number): string {
  return `$${Math.floor(amountMinor / 100)}.${String(amountMinor % 100).padStart(2, "0")}`;
}

/** `Jun 5, 2022 at 4:44 PM ET`: what clocks in New York show, wherever the household lives. */
function easternTime(instant: Temporal.Instant): string {
  const local = instant.toZonedDateTimeISO("America/New_York");
  const day = local.toLocaleString("en-US", { month: "short", day: "numeric", year: "numeric" });
  const clock = `${local.hour % 12 || 12}:${String(local.minute).padStart(2, "0")}`;
  return `${day} at ${clock} ${local.hour < 12 ? "AM" : "PM"} ET`;
}

function longDate(day: Temporal.PlainDate): string {
  return day.toLocaleString("en-US", { weekday: "long", month: "short", day: "numeric", year: "numeric" });
}
