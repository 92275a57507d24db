import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isAuthorAligned } from "../access/spam-tests.ts";
import { readInboundPayload, toMail } from "../handlers/inbound-payload.ts";
import { understand, type Understood } from "../parsers/understand.ts";
import { demoDay } from "./demo-days.ts";
import { demoMails, type DemoMail } from "./demo-mails.ts";

const recipient = "alerts+u7k2m@wtmm.test";
const today = Temporal.PlainDate.from("2026-11-20");
const zone = "America/New_York";

const anyDay = fc.integer({ min: 0, max: 1500 }).map((days) => Temporal.PlainDate.from("2026-01-01").add({ days }));

describe("the mails of any three months", () => {
  it("are understood as the purchases, transfers and summaries that they tell of", () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.constantFrom(zone, "UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"),
        (day, where) => {
          const told = demoMails({ recipient, today: day, zone: where }).map((mail) => wordsOf(read(mail), where));
          const days = Array.from({ length: 91 }, (_none, index) => day.subtract({ days: 90 - index }));
          const happened = days.flatMap((each) => demoDay(each).filter(({ at }) => at.hour < 9 || !each.equals(day)));
          const known = happened
            .filter(({ kind }) => kind !== "unknown")
            .map(({ kind, merchant, amountMinor, at }) => {
              if (kind === "summary") return "nothing";
              return `${kind === "transfer" ? kind : "purchase"} ${merchant} ${amountMinor} ${at.toPlainDate().toString()}`;
            });
          expect(told.filter((words) => words !== "unknown_sender")).toEqual(known);
          expect(told.filter((words) => words === "unknown_sender")).toHaveLength(1);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("are between 110 and 190, with a summary, a transfer and a few empty days among them", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const understood = demoMails({ recipient, today: day, zone }).map((mail) => wordsOf(read(mail), zone));
        expect(understood.length).toBeGreaterThan(110);
        expect(understood.length).toBeLessThan(190);
        expect(understood).toContain("nothing");
        expect(understood.some((words) => words.startsWith("transfer"))).toBe(true);
        const days = new Set(
          understood.filter((words) => words.startsWith("purchase")).map((words) => words.slice(-10)),
        );
        expect(days.size).toBeGreaterThan(60);
        expect(days.size).toBeLessThan(91);
      }),
      { numRuns: 25 },
    );
  });
});

it("give the time of a purchase in New York's clock, wherever the household lives", () => {
  for (const where of [zone, "Europe/Berlin"]) {
    const told = demoMails({ recipient, today, zone: where }).map(read);
    const instants = told.flatMap(({ date, events: [event] }) =>
      event?.occurred instanceof Temporal.Instant ? [date.since(event.occurred).total("seconds")] : [],
    );
    expect(instants.length).toBeGreaterThan(50);
    expect(new Set(instants)).toEqual(new Set([95]));
  }
});

it("are the same whenever they are asked for", () => {
  expect(demoMails({ recipient, today, zone })).toEqual(demoMails({ recipient, today, zone }));
});

it("keep their ids on the next day, so that only what is new is booked", () => {
  const then = demoMails({ recipient, today, zone });
  const next = demoMails({ recipient, today: today.add({ days: 1 }), zone });
  const first = demoDay(today.subtract({ days: 90 })).length;
  expect(next.slice(0, then.length - first)).toEqual(then.slice(first));
  expect(new Set(next.map(({ messageId }) => messageId)).size).toBe(next.length);
});

it("have ids of their own for each recipient, but the same sender's id", () => {
  const [one] = demoMails({ recipient, today, zone });
  const [two] = demoMails({ recipient: "alerts+other@wtmm.test", today, zone });
  expect(one?.messageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(one?.payload["MessageID"]).toBe(one?.messageId);
  expect(two?.messageId).not.toBe(one?.messageId);
  expect(payloadOf(two).Headers.at(-1)).toEqual(payloadOf(one).Headers.at(-1));
});

it("come signed, to the address they are asked for, oldest first and none from the rest of today", () => {
  const mails = demoMails({ recipient, today, zone });
  for (const mail of mails) {
    const payload = payloadOf(mail);
    expect(isAuthorAligned(payload.Headers)).toBe(true);
    expect(payload).toMatchObject({ OriginalRecipient: recipient, To: recipient, MailboxHash: "u7k2m" });
  }
  const dates = mails.map((mail) => Date.parse(payloadOf(mail).Date));
  expect(dates).toEqual(dates.toSorted((a, b) => a - b));
  expect(dates.at(-1)).toBeLessThan(Date.parse("2026-11-20T09:05:00-05:00"));
});

function payloadOf(mail: DemoMail | undefined): NonNullable<ReturnType<typeof readInboundPayload>> {
  const payload = readInboundPayload(Buffer.from(JSON.stringify(mail?.payload)));
  if (payload === null) throw new Error("The webhook would not understand the mail.");
  return payload;
}

function read(mail: DemoMail): Understood {
  return understand(toMail(payloadOf(mail), Temporal.Instant.from("2032-01-01T00:00:00Z")));
}

/** `purchase HARBOR COFFEE 114 495 2026-11-20` for a booked event, else the outcome. */
function wordsOf({ outcome, events, date }: Understood, where: string): string {
  const [event] = events;
  if (event === undefined) return outcome;
  const occurred = event.occurred instanceof Temporal.Instant ? event.occurred : date;
  const day = occurred.toZonedDateTimeISO(where).toPlainDate();
  return `${event.kind} ${event.merchant} ${event.amountMinor} ${day.toString()}`;
}
