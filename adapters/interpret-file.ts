import { readPayload, type ReadEvent, type ReadMail } from "../handlers/read-mail.ts";
import { readInboundPayload } from "../handlers/inbound-payload.ts";
import { formatMoney } from "../ledger/money.ts";
import { isSpending } from "../ledger/spending.ts";
import { emlToInbound } from "./eml-to-inbound.ts";

type Read = Extract<ReadMail, { state: "read" }>;

/**
 * What a mail file is understood as, as text or as JSON. Nothing is stored and nothing is asked of a database.
 *
 * @param raw an RFC 5322 message
 */
export async function interpretFile(raw: Uint8Array, domain: string, asJson: boolean): Promise<string> {
  const envelope = { recipient: "", sender: "", receivedAt: Temporal.Now.instant(), aligned: true };
  const payload = readInboundPayload(Buffer.from(JSON.stringify(await emlToInbound(raw, envelope))));
  const read =
    payload &&
    (await readPayload(payload, {
      receivedAt: envelope.receivedAt.epochMilliseconds,
      domain,
      check: { signature: { state: "no_raw_mail" }, providerAligned: true, forward: null },
      hasAccount: true,
      usualCurrency: null,
      resolveTxt: null,
    }));
  if (read?.state !== "read" || read.sender === "") throw new Error("This file is not a mail: it has no sender.");
  const found = described(read);
  return asJson ? JSON.stringify(found, null, 2) : lines(found).join("\n");
}

function described(read: Read) {
  return {
    institution: read.institution,
    outcome: outcomeOf(read),
    reason: read.reason,
    sender: read.sender,
    subject: read.subject,
    date: Temporal.Instant.fromEpochMilliseconds(read.date).toString(),
    events: read.events.map((event) => ({
      institution: read.institution,
      kind: event.kind,
      amountMinor: event.amountMinor,
      currency: event.currency,
      merchant: event.merchant,
      card: event.card,
      occurredAt: event.occurredOn ?? Temporal.Instant.fromEpochMilliseconds(event.occurredAt).toString(),
      confidence: event.confidence,
      outcome: isSpending(event.kind) ? "booked" : "not_a_purchase",
    })),
  };
}

/** As the service would decide, were the mail's origin established. */
function outcomeOf(read: Read): string {
  if (read.confirmation !== null) return "confirmation";
  if (read.outcome === "not_understood" || read.outcome === "unknown_sender") return "review";
  return read.events.some((event: ReadEvent) => isSpending(event.kind)) ? "booked" : "not_a_purchase";
}

function lines(found: ReturnType<typeof described>): string[] {
  return [
    `From ${found.sender}: ${found.subject}`,
    `Institution: ${found.institution ?? "not known"}`,
    `Outcome: ${found.outcome}${found.outcome === "booked" ? "" : ` (${found.reason})`}`,
    ...found.events.map(
      ({ kind, merchant, card, occurredAt, amountMinor, currency, outcome }) =>
        `${kind}: ${formatMoney({ amountMinor, currency })}, ${merchant}, card ${card ?? "not named"}, ${occurredAt}: ${outcome}`,
    ),
  ];
}
