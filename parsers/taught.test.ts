import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readTaught, teach, type Example, type Points, type Taught } from "./taught.ts";
import { understand } from "./understand.ts";

const date = Temporal.Instant.from("2026-11-04T12:00:00Z");
const as = {
  kind: "purchase",
  writing: { currency: "USD", decimal: null, dates: "month-first", zone: null },
} as const;

type Values = { amount: string; merchant: string; day: string; card: string; balance: string };
const FIRST: Values = {
  amount: "$19.99",
  merchant: "SAMPLE STORE",
  day: "11/03/2026",
  card: "3355",
  balance: "$1,204.10",
};

function alert({ amount, merchant, day, card, balance }: Values): Example {
  return {
    subject: `You spent ${amount} at ${merchant}`,
    date,
    lines: [
      "Some Bank of Nowhere",
      `Your card ...${card} was charged ${amount} at ${merchant}.`,
      "Date",
      day,
      "Status: approved",
      `Your balance is ${balance} as of November 4, 2026.`,
      "© 2026 Some Bank",
    ],
  };
}

function pointed(mail: Example, line: number, value: string) {
  const start = mail.lines[line]?.indexOf(value) ?? -1;
  if (start === -1) throw new Error(`${value} is not in line ${line}`);
  return { line, start, length: value.length };
}

function points(mail: Example, { amount, merchant, day, card }: Values): Points {
  const [inSentence, inCell] = [1, 3];
  return {
    amount: pointed(mail, inSentence, amount),
    merchant: pointed(mail, inSentence, merchant),
    card: pointed(mail, inSentence, card),
    when: pointed(mail, inCell, day),
  };
}

function taughtFrom(values = FIRST): Taught {
  const taught = teach(alert(values), points(alert(values), values), as);
  if (typeof taught === "string") throw new Error(taught);
  return taught;
}

const NEXT: Values = {
  amount: "$7.00",
  merchant: "JOE'S BAR & GRILL",
  day: "11/04/2026",
  card: "3355",
  balance: "$1,197.10",
};

describe("a form that was taught", () => {
  it("reads the mail that it was learnt from", () => {
    expect(readTaught(taughtFrom(), alert(FIRST))).toMatchObject({
      ...{ kind: "purchase", amountMinor: 1999, currency: "USD", merchant: "SAMPLE STORE", card: "3355" },
      occurred: Temporal.PlainDate.from("2026-11-03"),
    });
  });

  it("reads the next mail of that form", () => {
    expect(readTaught(taughtFrom(), alert(NEXT))).toMatchObject({
      ...{ amountMinor: 700, merchant: "JOE'S BAR & GRILL" },
      occurred: Temporal.PlainDate.from("2026-11-04"),
    });
  });

  it("survives being stored", () => {
    const stored = JSON.parse(JSON.stringify(taughtFrom())) as Taught;
    expect(readTaught(stored, alert(NEXT))).toMatchObject({ amountMinor: 700 });
  });

  it("matches no mail in which any stable word is another", () => {
    const mail = alert(NEXT);
    const taught = taughtFrom();
    const places = [mail.subject, ...mail.lines].flatMap((text, line) =>
      [...text.matchAll(/\p{L}{2,}/gu)].map(({ 0: word, index }) => ({ line, word, index })),
    );
    const isValue = (word: string) => ["JOE", "BAR", "GRILL", "November"].includes(word);
    const changed = places.filter(({ word }) => !isValue(word));
    expect(changed.length).toBeGreaterThan(20);
    for (const { line, word, index } of changed) {
      const change = (text: string) => `${text.slice(0, index)}declined${text.slice(index + word.length)}`;
      const lines = mail.lines.map((text, at) => (at === line - 1 ? change(text) : text));
      const other = { ...mail, lines, subject: line === 0 ? change(mail.subject) : mail.subject };
      expect([word, readTaught(taught, other)]).toEqual([word, null]);
    }
  });

  it("matches no mail with a line more or less", () => {
    const { lines, ...mail } = alert(NEXT);
    for (const at of lines.keys()) {
      expect(readTaught(taughtFrom(), { ...mail, lines: lines.toSpliced(at, 1) })).toBeNull();
      expect(readTaught(taughtFrom(), { ...mail, lines: lines.toSpliced(at, 0, "Declined") })).toBeNull();
    }
  });

  it.each([
    ["no amount", { amount: "" }],
    ["an unfilled placeholder", { amount: "{{amount}}" }],
    ["no such day", { day: "31/31/2026" }],
    ["no card", { card: "" }],
  ])("reads nothing from a mail with %s", (_, damage) => {
    expect(readTaught(taughtFrom(), alert({ ...NEXT, ...damage }))).toBeNull();
  });

  it("says what is missing of a mail whose values make no purchase", () => {
    const { subject } = alert(NEXT);
    expect(readTaught(taughtFrom(), { ...alert({ ...NEXT, amount: "$0.00" }), subject })).toHaveProperty("failed");
  });

  it("reads back whatever stands in the holes, or nothing", () => {
    const values = fc.record({
      cents: fc.integer({ min: 1, max: 1e9 }),
      merchant: fc.string({ unit: fc.constantFrom(..."ABC d.$'&*#-1 at was"), minLength: 1, maxLength: 30 }),
    });
    fc.assert(
      fc.property(values, ({ cents, merchant }) => {
        const amount = `$${(cents / 100).toFixed(2)}`;
        const name = merchant.trim();
        const event = readTaught(taughtFrom(), alert({ ...NEXT, amount, merchant: name }));
        if (event === null || "failed" in event) return;
        expect([event.amountMinor, event.merchant]).toEqual([cents, name]);
      }),
    );
  });
});

describe("teach", () => {
  it("refuses values that touch", () => {
    const mail = { subject: "", date, lines: ["$5.00SHOP"] };
    const at = { amount: { line: 0, start: 0, length: 5 }, merchant: { line: 0, start: 5, length: 4 } };
    expect(teach(mail, at, as)).toBe("Two of the values stand too close to each other to be told apart.");
  });

  it("refuses what is no amount", () => {
    const mail = { subject: "", date, lines: ["paid nothing at SHOP"] };
    const merchant = { line: 0, start: 16, length: 4 };
    expect(teach(mail, { amount: { line: 0, start: 5, length: 7 }, merchant }, as)).toBeTypeOf("string");
  });
});

describe("a hole of a taught form", () => {
  const sentence = "your card ...4411 paid $18.20 at Cafe Zentral.";

  function readAfter(line: string, merchant = "Cafe Zentral", example = sentence) {
    const mail = { subject: "A payment", date, lines: [example, "Thank you"] };
    const at = {
      amount: pointed(mail, 0, "$18.20"),
      merchant: pointed(mail, 0, merchant),
      ...(example.includes("4411") ? { card: pointed(mail, 0, "4411") } : {}),
    };
    const taught = teach(mail, at, as);
    if (typeof taught === "string") throw new Error(taught);
    return readTaught(taught, { ...mail, lines: [line, "Thank you"] });
  }

  it.each([
    "Cafe Zentral was declined",
    "Cafe Zentral has been reversed and will be refunded",
    "Cafe Zentral. This payment was declined",
    "Cafe Zentral; Not booked",
    "Cafe Zentral and $99.00 at Other Shop",
    "Cafe Zentral and 99 EUR at Other Shop",
    "Cafe Zentral and 99,00 at Other Shop",
    "Cafe Zentral, no money was taken",
    "Cafe Zentral was blocked",
    "Cafe Zentral (DECLINED)",
    "Cafe Zentral (ＤＥＣＬＩＮＥＤ)",
    "Cafe Zentral (de\u00adclined)",
    "Cafe Zentral RECHAZADA",
    "Cafe Zentral, Anulado",
    "Cafe Zentral, paiement refusé",
    "Cafe Zentral, Zahlung abgelehnt",
    "Cafe Zentral Storniert",
  ])("holds no words that are new instead of a merchant: %s", (merchant) => {
    expect(readAfter(sentence.replace("Cafe Zentral", merchant))).toBeNull();
  });

  it("holds no more than a merchant where nothing follows it", () => {
    const example = "$18.20 Merchant: ACME";
    expect(readAfter("$7.00 Merchant: ACME 24", "ACME", example)).toMatchObject({ merchant: "ACME 24" });
    expect(readAfter("$7.00 Merchant: ACME (DECLINED, no money was taken)", "ACME", example)).toBeNull();
  });

  it.each([
    "7-ELEVEN 1234",
    "JOE'S BAR & GRILL",
    "Bar de la Croix",
    "AMZN Mktp US*2K4",
    "Bäckerei Groß, Wien",
    "成城石井",
  ])("holds the merchant %s", (merchant) => {
    expect(readAfter(sentence.replace("Cafe Zentral", merchant))).toMatchObject({ merchant, amountMinor: 1820 });
  });

  it("holds as many words in lower case as the merchant had that it was taught with", () => {
    const example = sentence.replace("Cafe Zentral", "the little corner shop");
    const line = sentence.replace("Cafe Zentral", "a very good bakery");
    expect(readAfter(line, "the little corner shop", example)).toMatchObject({ merchant: "a very good bakery" });
    expect(readAfter(line.replace("bakery", "bakery but closed"), "the little corner shop", example)).toBeNull();
  });

  it.each(["4411 was declined, so your card 9999", "4411 9999", "DECLINED-9999"])(
    "holds no words instead of a card: %s",
    (card) => {
      expect(readAfter(sentence.replace("4411", card))).toBeNull();
    },
  );

  it("holds no words instead of a day", () => {
    for (const day of ["11/04/2026 declined", "11/04/2026, reversed 11/05/2026"]) {
      expect(readTaught(taughtFrom(), alert({ ...NEXT, day }))).toBeNull();
    }
  });

  it("is not learnt with a merchant that could be a sentence", () => {
    const mail = { subject: "", date, lines: ["$18.20 at The Declined Horse"] };
    const at = { amount: pointed(mail, 0, "$18.20"), merchant: pointed(mail, 0, "The Declined Horse") };
    expect(teach(mail, at, as)).toContain("merchant");
  });
});

describe("a mail of a taught form that says elsewhere that it failed", () => {
  const mail = { subject: "A payment", date, lines: ["$18.20", "Cafe Zentral", "The payment was declined."] };
  const at = { amount: pointed(mail, 0, "$18.20"), merchant: pointed(mail, 1, "Cafe Zentral") };

  it("teaches no purchase", () => {
    expect(teach(mail, at, as)).toBe("This mail does not say clearly what became of the transaction.");
  });

  it("is read as what else it was taught as", () => {
    const taught = teach(mail, at, { ...as, kind: "declined" });
    expect(typeof taught === "string" ? taught : readTaught(taught, mail)).toMatchObject({ kind: "declined" });
  });
});

describe("a number outside the holes", () => {
  const lines = ["$18.20 at Cafe Zentral, $0.00 back, balance $90.10", "Refunded: $0.00", "Reference: A-12"];
  const example = { subject: "A payment, $0.00 off", date, lines };
  const taught = teach(
    example,
    { amount: pointed(example, 0, "$18.20"), merchant: pointed(example, 0, "Cafe Zentral") },
    as,
  );

  function readWith(was: string, is: string) {
    if (typeof taught === "string") throw new Error(taught);
    const mail = JSON.parse(JSON.stringify({ ...example, date: "" }).replace(was, is)) as Example;
    return readTaught(JSON.parse(JSON.stringify(taught)) as Taught, { ...mail, date });
  }

  it("may become another number", () => {
    expect(readWith("balance $90.10", "balance $1,204.00")).toMatchObject({ amountMinor: 1820 });
    expect(readWith("A-12", "B-0990")).toMatchObject({ amountMinor: 1820 });
  });

  it.each([
    ["Refunded: $0.00", "Refunded: $18.20"],
    ["Refunded: $0.00", "Refunded: $0.01"],
    ["$0.00 back", "$18.20 back"],
    ["$0.00 off", "$18.20 off"],
    ["balance $90.10", "balance $0.00"],
    ["balance $90.10", "balance 0"],
    ["A-12", "0"],
  ])("stays zero or stays another: %s does not become %s", (was, is) => {
    expect(readWith(was, was)).toMatchObject({ amountMinor: 1820 });
    expect(readWith(was, is)).toBeNull();
  });

  it.each([
    ["A-12", "DECLINED-12"],
    ["balance $90.10", "balance refunded:$90.10"],
  ])("brings no word with it that tells of a failed payment: %s does not become %s", (was, is) => {
    expect(readWith(was, is)).toBeNull();
  });
});

describe("a mail that is kept in part", () => {
  const subject = "A payment";
  const first = ["$18.20", "Cafe Zentral"];
  const at = (mail: Example) => ({ amount: pointed(mail, 0, "$18.20"), merchant: pointed(mail, 1, "Cafe Zentral") });

  /** As review keeps it. */
  function kept(...more: string[]): Example {
    const rest = { from: "alerts@bank.example.net", fromName: "", subject, date: "", html: "", headers: [] };
    const { lines } = understand({ ...rest, receivedAt: date, text: [...first, ...more].join("\n\n") });
    return { subject, date, lines };
  }

  /** A form as it could be learnt of a mail that was cut. */
  function taughtWith(lines: readonly string[]): Taught {
    const mail = { subject, date, lines: first };
    const taught = teach(mail, at(mail), as);
    if (typeof taught === "string") throw new Error(taught);
    return { ...taught, lines: [...taught.lines, ...lines.slice(2).map((words) => ({ words }))] };
  }

  it.each([
    ["299 lines", Array.from({ length: 297 }, () => "Thank you")],
    ["a line of 999 characters", ["a".repeat(999)]],
  ])("is whole with %s, and teaches", (_, more) => {
    const mail = kept(...more);
    expect(teach(mail, at(mail), as)).toBeTypeOf("object");
    expect(readTaught(taughtWith(mail.lines), mail)).toMatchObject({ amountMinor: 1820 });
  });

  it.each([
    ["300 lines or more", [...Array.from({ length: 298 }, () => "Thank you"), "The payment was not made."]],
    ["a line of 1,000 characters or more", [`${"a".repeat(1000)}. The payment was not made.`]],
  ])("teaches nothing and is not read when it has %s", (_, more) => {
    const mail = kept(...more);
    expect(mail.lines.join(" ")).not.toContain("not made");
    expect(teach(mail, at(mail), as)).toBe("This mail is too long to teach with.");
    expect(readTaught(taughtWith(mail.lines), mail)).toBeNull();
  });
});

describe("a stored form of another shape", () => {
  const { lines, ...rest } = taughtFrom();
  const more = lines.slice(1);

  it.each([
    ["nothing", null],
    ["no lines", { ...rest }],
    ["a line that is none", { ...rest, lines: [null, ...more] }],
    ["a template that is empty", { ...rest, lines: [{ template: {} }, ...more] }],
    ["a template with a hole too many", { ...rest, lines: [{ template: { words: ["a"], slots: ["any"] } }, ...more] }],
    ["a hole of another name", { ...rest, lines: [{ template: { words: ["a", "b"], slots: ["other"] } }, ...more] }],
    ["a line of two sorts", { ...rest, lines: [{ words: "", template: {} }, ...more] }],
    ["words that are none", { ...rest, lines: [{ words: 5 }, ...more] }],
    ["no writing", { ...rest, lines, writing: undefined }],
    ["a currency that is none", { ...rest, lines, writing: { ...as.writing, currency: "EURO" } }],
    ["a zone that is none", { ...rest, lines, writing: { ...as.writing, zone: "Nowhere" } }],
    ["no subject", { ...rest, lines, subject: 7 }],
    ["a kind that is none", { ...rest, lines, kind: "gift" }],
  ])("matches nothing: %s", (_, stored) => {
    expect(readTaught(JSON.parse(JSON.stringify(stored)) as Taught, alert(NEXT))).toBeNull();
  });

  it("is none when it has more than is known", () => {
    const stored = JSON.parse(JSON.stringify({ ...taughtFrom(), more: 1 })) as Taught;
    expect(readTaught(stored, alert(NEXT))).toMatchObject({ amountMinor: 700 });
  });
});
