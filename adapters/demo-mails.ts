import { createHash } from "node:crypto";

import { inboundJson } from "../handlers/inbound-json.ts";
import { demoDay, type DemoEvent } from "./demo-days.ts";
import { demoLetter } from "./demo-letters.ts";
import { mailDate, postmarkHeaders } from "./postmark-headers.ts";

/** One mail as Postmark would post it. */
export type DemoMail = { readonly messageId: string; readonly payload: Record<string, unknown> };

const DAYS = 91;
// How long an institution takes from a purchase to its alert.
const ALERT_AFTER = { seconds: 95 };

/**
 * Three months of invented alert mails up to today, oldest first: purchases in the layouts that are understood, some
 * mails that book nothing, and one of an institution that nobody knows. What a day holds depends on the day alone, and
 * each mail keeps its ids, so that the same mails fed again book nothing twice.
 *
 * @param recipient the alert address they go to
 * @param today the last day; of it only what happens before nine
 * @param zone where the household lives
 */
export function demoMails({ recipient, today, zone }: DemoSettings): DemoMail[] {
  const events = Array.from({ length: DAYS }, (_none, index) => today.subtract({ days: DAYS - 1 - index }))
    .flatMap((day) => demoDay(day).map((event, index) => ({ event, index })))
    .filter(({ event }) => event.at.hour < 9 || !event.at.toPlainDate().equals(today));
  const lastUnknown = events.findLast(({ event }) => event.kind === "unknown");
  return events
    .filter((entry) => entry.event.kind !== "unknown" || entry === lastUnknown)
    .map(({ event, index }) => demoMail(event, index, recipient, zone));
}

type DemoSettings = { readonly recipient: string; readonly today: Temporal.PlainDate; readonly zone: string };

function demoMail(event: DemoEvent, index: number, recipient: string, zone: string): DemoMail {
  const occurred = event.at.toZonedDateTime(zone).toInstant();
  const sentAt = occurred.add(ALERT_AFTER);
  const { from, subject, html } = demoLetter(event, occurred);
  const place = `${event.at.toPlainDate().toString()} ${index}`;
  const id = idOf(`${recipient} ${place}`);
  const domain = from.address.slice(from.address.indexOf("@") + 1);
  const payload = inboundJson(
    {
      from,
      to: [{ name: "", address: recipient }],
      cc: [],
      bcc: [],
      replyTo: [],
      subject,
      date: mailDate(sentAt),
      text: "",
      html,
      headers: [
        ...postmarkHeaders({ recipient, sender: from.address, receivedAt: sentAt.add({ seconds: 2 }), aligned: true }),
        { Name: "MIME-Version", Value: "1.0" },
        // The sender's id does not hang on the recipient: the same mail at another of the account's addresses is known.
        { Name: "Message-ID", Value: `<${idOf(place)}@${domain}>` },
      ],
      attachments: [],
    },
    recipient,
    id,
  );
  return { messageId: id, payload };
}

/** Looks like Postmark's UUIDs, and is the same for the same mail. */
function idOf(words: string): string {
  const hex = createHash("sha256").update(`demo ${words}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
