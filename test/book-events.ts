import { randomUUID } from "node:crypto";

import { purchasesOf } from "../handlers/booking.ts";
import type { ReadEvent } from "../handlers/read-mail.ts";
import { anInterpretation } from "./store-calls.ts";
import type { FakeApp, TestPerson } from "./fake-app.ts";

/** What a test says of an event; the rest is a plain purchase for 10.00 USD at noon in New York. */
export type InventedEvent = Partial<Omit<ReadEvent, "occurredAt" | "occurredOn">> & {
  /** An instant such as `2026-11-01T05:30:00Z`, or a day for an alert that gives no time. */
  readonly at?: string;
};

/**
 * Books events as one mail of the person's bank, past the parsers: for kinds, currencies and times that no fixture has.
 *
 * @returns the purchases' ids, in order
 */
export async function bookEvents(
  app: FakeApp,
  person: TestPerson,
  ...events: readonly InventedEvent[]
): Promise<string[]> {
  const mailId = randomUUID();
  const [token = null] = person.alertAddress.slice("alerts+".length).split("@");
  const kept = { id: mailId, route: "alert", token, recipient: person.alertAddress, at: app.now() } as const;
  const limits = app.config.accountLimits;
  await app.store.keepMail({ ...kept, limits, sha256: Buffer.from(mailId), payload: Buffer.from("none") });
  const owner = { accountId: person.id, mailId, institution: "chase", origin: "addressed", signedBy: null } as const;
  const purchases = purchasesOf(events.map(eventOf), owner, app);
  await app.store.finishMails([
    {
      ...anInterpretation(mailId, "booked", person.id),
      subject: "Invented",
      mailDate: null,
      interpretedAt: app.now().epochMilliseconds,
      identity: null,
      reading: null,
      purchases,
    },
  ]);
  return purchases.map(({ id }) => id);
}

function eventOf({ at = "2026-11-20T17:00:00Z", ...event }: InventedEvent): ReadEvent {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(at);
  return {
    kind: "purchase",
    amountMinor: 1000,
    currency: "USD",
    merchant: "Corner Store",
    card: null,
    confidence: 1,
    words: { amount: "", merchant: "", occurred: "" },
    ...event,
    occurredAt: Temporal.Instant.from(isDay ? `${at}T12:00:00Z` : at).epochMilliseconds,
    occurredOn: isDay ? at : null,
  };
}
