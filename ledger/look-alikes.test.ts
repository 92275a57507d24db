import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../test/candidate.ts";
import { lookAlikes, type Candidate, type LookAlike } from "./look-alikes.ts";

const ALERT = { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" };

describe("proposing purchases that may be one", () => {
  it("names the earlier mail's purchase first, and says why in a sentence", () => {
    const later = candidate({ ...ALERT, mailed: "2026-11-20T16:48:10" });
    const earlier = candidate(ALERT);
    expect(lookAlikes([earlier], [later, earlier])).toEqual([
      {
        a: earlier.id,
        b: later.id,
        why: "same",
        reason: "Both mails name the same minute, the same amount and the same merchant.",
      },
    ]);
  });

  it("joins the mails about one purchase with as few proposals as there need be", () => {
    const all = [
      candidate({
        institution: "paypal",
        merchant: "Netflix",
        card: null,
        at: "2026-11-20",
        mailed: "2026-11-20T16:44:10",
      }),
      candidate({ ...ALERT, merchant: "PAYPAL *NETFLIX" }),
      candidate({ ...ALERT, merchant: "PAYPAL *NETFLIX", mailed: "2026-11-20T16:45:10" }),
      candidate({ at: "2026-11-20", merchant: "PAYPAL *NETFLIX LOS GATOS CA", mailed: "2026-11-22T06:53:00" }),
    ];
    const proposals = lookAlikes(all, all);
    expect(proposals).toHaveLength(3);
    expect(new Set(proposals.flatMap(({ a, b }) => [a, b]))).toEqual(new Set(all.map(({ id }) => id)));
  });

  it("takes no more than eight mails for one purchase, however many look alike", () => {
    const all = Array.from({ length: 24 }, () => candidate(ALERT));
    const proposals = lookAlikes(all, all);
    expect(proposals).toHaveLength(21);
    expect(Math.max(...all.map(({ id }) => groupOf(id, proposals).size))).toBe(8);
  });

  it("gives each of two equal purchases a confirmation of its own", () => {
    const coffee = { merchant: "STARBUCKS STORE 04821", amountMinor: 450, at: "2026-11-20" };
    const alerts = ["2026-11-20T14:02:00", "2026-11-20T14:05:00"].map((mailed) => candidate({ ...coffee, mailed }));
    const posted = { ...coffee, mailId: "rundown", mailed: "2026-11-21T06:53:00" };
    const rows = [candidate(posted), candidate(posted)];
    const all = [...alerts, ...rows];
    const proposals = lookAlikes(all, all);
    expect(proposals).toHaveLength(2);
    expect(new Set(proposals.map(({ a }) => a))).toEqual(new Set(alerts.map(({ id }) => id)));
    expect(new Set(proposals.map(({ b }) => b))).toEqual(new Set(rows.map(({ id }) => id)));
  });

  it("takes a mail with several rows for one about what was posted, even the same night", () => {
    const alert = candidate({ at: "2026-11-20", mailed: "2026-11-20T14:02:00" });
    const night = { at: "2026-11-20", mailed: "2026-11-21T01:00:00" };
    const [row, other] = [
      candidate({ ...night, mailId: "rundown" }),
      candidate({ ...night, mailId: "rundown", amountMinor: 999 }),
    ];
    expect(lookAlikes([row, other], [alert, row, other]).map(({ a, b, why }) => [a, b, why])).toEqual([
      [alert.id, row.id, "confirmed"],
    ]);
    expect(lookAlikes([row], [alert, row])).toEqual([]);
  });

  it("gives a wallet's mail the card's mail that has its name, of two with one amount", () => {
    const wallet = { institution: "paypal", card: null, amountMinor: 2500, at: "2026-11-20" };
    const names = ["Netflix", "Etsy, Inc."].map((merchant) =>
      candidate({ ...wallet, merchant, mailed: "2026-11-20T16:44:10" }),
    );
    const cards = ["PAYPAL *ETSY.COM", "PAYPAL *NETFLIX"].map((merchant) =>
      candidate({ ...ALERT, amountMinor: 2500, merchant }),
    );
    const all = [...names, ...cards];
    const pairs = lookAlikes(all, all).map(({ a, b }) => [a, b]);
    expect(pairs).toHaveLength(2);
    expect(pairs).toContainEqual([names[0]?.id, cards[1]?.id]);
    expect(pairs).toContainEqual([names[1]?.id, cards[0]?.id]);
  });

  it("gives a card's mail to the wallet's that came closest, of two with one name", () => {
    const wallet = { institution: "paypal", merchant: "Netflix", card: null };
    const before = candidate({ ...wallet, at: "2026-11-19", mailed: "2026-11-19T16:44:10" });
    const then = candidate({ ...wallet, at: "2026-11-20", mailed: "2026-11-20T16:44:10" });
    const card = candidate({ ...ALERT, merchant: "PAYPAL *NETFLIX" });
    const all = [before, then, card];
    expect(lookAlikes(all, all).map(({ a, b }) => [a, b])).toEqual([[then.id, card.id]]);
  });

  it("proposes nothing that has no fresh purchase in it, and takes what is old into account", () => {
    const [first, second] = [candidate(ALERT), candidate({ ...ALERT, mailed: "2026-11-20T16:45:10" })];
    const lunch = candidate({ at: "2026-11-21T16:44", mailed: "2026-11-21T16:44:40" });
    expect(lookAlikes([lunch], [first, second, lunch])).toEqual([]);
    expect(lookAlikes([second], [first, second, lunch])).toHaveLength(1);
    expect(lookAlikes([], [first, second])).toEqual([]);

    // The tip has its bill already, so a fresh bill like that one doesn't get it.
    const bill = { amountMinor: 4250, at: "2026-11-20", mailed: "2026-11-20T17:44:10" };
    const old = [candidate(bill), candidate({ amountMinor: 5100, at: "2026-11-20", mailed: "2026-11-22T09:00:00" })];
    const fresh = candidate({ ...bill, at: "2026-11-21", mailed: "2026-11-21T17:44:10" });
    expect(lookAlikes([fresh], [...old, fresh])).toEqual([]);
  });

  it("keeps its rules on anything", () => {
    const anything = fc.array(anyCandidate(), { maxLength: 25 });
    fc.assert(
      fc.property(anything, fc.infiniteStream(fc.boolean()), (drawn, isFresh) => {
        const all: readonly Candidate[] = Object.freeze(
          drawn.map((one, at) => Object.freeze({ ...one, id: `purchase-${at}` })),
        );
        const fresh = all.filter(() => isFresh.next().value);
        const proposals = lookAlikes(fresh, all);
        const byId = new Map(all.map((one) => [one.id, one]));
        const heads = new Map<string, string>(all.map(({ id }) => [id, id]));
        const headOf = (id: string): string => (heads.get(id) === id ? id : headOf(heads.get(id) ?? id));
        for (const { a, b, reason } of proposals) {
          const [one, other] = [byId.get(a), byId.get(b)];
          if (one === undefined || other === undefined) throw new Error("It names what is not there.");
          expect(fresh.includes(one) || fresh.includes(other)).toBe(true);
          expect(one.currency).toBe(other.currency);
          expect(one.mailId).not.toBe(other.mailId);
          expect(one.amountMinor < 0).toBe(other.amountMinor < 0);
          expect(one.mailDate).toBeLessThanOrEqual(other.mailDate);
          expect(reason).toMatch(/^[A-Z][^.]+\.$/);
          // No circle: what a proposal joins was not joined before.
          expect(headOf(a)).not.toBe(headOf(b));
          heads.set(headOf(a), headOf(b));
        }
        expect(lookAlikes(fresh.toReversed(), all.toReversed())).toEqual(proposals);
      }),
      { numRuns: 500 },
    );
  });
});

/** All that proposals join to one purchase. */
function groupOf(id: string, proposals: readonly LookAlike[]): ReadonlySet<string> {
  const group = new Set([id]);
  for (const member of group) {
    for (const { a, b } of proposals) {
      if (a === member) group.add(b);
      if (b === member) group.add(a);
    }
  }
  return group;
}

/** So few different values that almost everything is near something. */
function anyCandidate(): fc.Arbitrary<Candidate> {
  const minutes = fc.integer({ min: 0, max: 4000 }).map((count) => Date.parse("2026-11-20T00:00Z") + count * 60_000);
  const day = fc.constantFrom("2026-11-19", "2026-11-20", "2026-11-21");
  return fc
    .record({
      mailId: fc.integer({ min: 0, max: 30 }).map(String),
      institution: fc.constantFrom("bank", "other-bank", "paypal", "venmo"),
      kind: fc.constantFrom("purchase", "purchase", "purchase", "refund", "withdrawal"),
      merchant: fc.constantFrom("", "SHELL OIL 57442", "PAYPAL *NETFLIX", "Netflix", "HYATT", "TST* OAK GRILL"),
      amountMinor: fc.constantFrom(0, 100, 4000, 4800, 5100, 17_500, 17_501, -4000),
      currency: fc.constantFrom("USD", "USD", "JPY"),
      card: fc.constantFrom(null, "1234", "51234", "5678"),
      mailDate: minutes,
      moment: minutes,
      states: fc.constantFrom("moment", "day", "nothing"),
      day,
    })
    .map(({ states, moment, day: date, ...said }) => ({
      id: "",
      ...said,
      occurredAt: { moment, day: Date.parse(`${date}T12:00Z`), nothing: said.mailDate }[states] ?? 0,
      occurredOn: states === "day" ? date : null,
    }));
}
