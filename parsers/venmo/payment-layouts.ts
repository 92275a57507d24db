import { lastDigits } from "../last-digits.ts";
import { readLabelled } from "../labelled.ts";
import type { Layout, LayoutReading } from "../layout.ts";
import type { ReadableMail } from "../parser.ts";
import { templateText } from "../template.ts";
import { eventFromSubject } from "./written-amount.ts";

/** What only the subject says in one piece: who, and how much. */
type Payment = { readonly kind: "purchase" | "deposit"; readonly person: string; readonly amount: string };

/** When it was, and from which account, as the words of the body say; null when the body has another form. */
type Details = (lines: readonly string[]) => { occurred: string | null; card: string | null; state: string } | null;

/** Received first: somebody may call themselves `You paid Casey`. */
const SUBJECTS: readonly (readonly [kind: Payment["kind"], subject: RegExp])[] = [
  ["deposit", /^(?<person>.+) paid you (?<amount>\$\S+)$/],
  ["deposit", /^(?<person>.+) paid your (?<amount>\$\S+) request$/],
  ["purchase", /^You paid (?<person>.+) (?<amount>\$\S+)$/],
  ["purchase", /^You completed (?<person>.+)['’]s (?<amount>\$\S+) (?:charge )?request$/],
];

/**
 * Payments between people. What is paid out of a wallet is a purchase, a person's too: banks call what they send to a wallet
 * a transfer, so that no other mail tells of it as spending.
 */
export const paymentLayouts: readonly Layout[] = [
  layoutOf("paid-2026", "real", "purchase", details2026),
  layoutOf("paid-2023", "described", "purchase", details2023),
  layoutOf("received-2026", "real", "deposit", details2026),
  layoutOf("received-2023", "described", "deposit", details2023),
];

function layoutOf(name: string, sample: Layout["sample"], kind: Payment["kind"], details: Details): Layout {
  const read = (mail: ReadableMail): LayoutReading | null => {
    const payment = paymentIn(mail.subject);
    const found = details(mail.lines);
    if (payment?.kind !== kind || found === null) return null;
    const { person, amount } = payment;
    if (found.state !== "Completed") return { failed: "This mail does not say that the payment was completed." };
    const { occurred, card } = found;
    return eventFromSubject(kind, { amount, merchant: person, occurred, card }, mail);
  };
  return { name, sample, kinds: [kind], read };
}

function paymentIn(subject: string): Payment | null {
  for (const [kind, form] of SUBJECTS) {
    const { person, amount } = form.exec(subject)?.groups ?? {};
    if (person !== undefined && amount !== undefined) return { kind, person, amount };
  }
  return null;
}

/** Labels are read below their headline alone: above it stands what the other side wrote, such as `Date night`. */
function details2026(lines: readonly string[]): ReturnType<Details> {
  const headline = lines.lastIndexOf("Transaction details");
  if (headline === -1) return null;
  const labels = ["Date", "Status", "Transaction ID", "Payment Method", "Sent from", "Sent to"];
  const values = readLabelled(lines.slice(headline + 1), labels);
  return {
    occurred: values.get("Date") ?? null,
    card: lastDigits(values.get("Payment Method") ?? ""),
    // What was received has no status.
    state: values.has("Status") ? (values.get("Status") ?? "") : "Completed",
  };
}

/** The zone says where Venmo is, not when it was: no time of day goes with it. */
function details2023(lines: readonly string[]): ReturnType<Details> {
  const text = templateText(lines).flat;
  if (!text.includes("Transfer Date and Amount:")) return null;
  const [, occurred = null] = /Transfer Date and Amount: ([A-Z][a-z]{2} \d{2}, \d{4}) P[SD]T/.exec(text) ?? [];
  return { occurred, card: null, state: "Completed" };
}
