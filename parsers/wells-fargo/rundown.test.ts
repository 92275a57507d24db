import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../../test/any-text.ts";
import { readLayouts } from "../layout.ts";
import type { Reading } from "../parser.ts";
import { US } from "../writing.ts";
import { rundown } from "./rundown.ts";

const START = ["Here's the rundown", "for account ...2222", "Go to accounts"];
const END = ["As of 10/06/2026 at 12:42 a.m., Central Time", "Note about balances: deposits or withdrawals, $1.00"];
const COFFEE = ["PURCHASE AUTHORIZED ON 10/03 SAMPLE COFFEE URBANDALE IA S386198749871884 CARD 4444", "$4.75"];
const ENERGY = ["SAMPLE ENERGY BILL 261001 0078881 JANE SAMPLE", "$153.95"];

function readLines(lines: readonly string[]): Reading {
  return readLayouts([rundown], { from: "", subject: "", date: Temporal.Instant.fromEpochMilliseconds(0), lines });
}

function read(...lines: string[]): Reading {
  return readLines(lines);
}

/** Kind and amount of each event of a list with those rows among its withdrawals; the outcome when it has none. */
function withdrawals(...rows: string[]): unknown {
  const reading = read(...START, "Withdrawals", ...rows, ...END);
  return reading.outcome === "understood"
    ? reading.events.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)
    : reading.outcome;
}

describe("Wells Fargo's rundown", () => {
  it("tells of each row once, in the order of the mail, equal ones too", () => {
    expect(withdrawals(...COFFEE, ...ENERGY, ...COFFEE)).toEqual(["purchase 475", "purchase 15395", "purchase 475"]);
    const rows = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rows, (amounts) => {
        const dollars = amounts.map((amount) => `$${(amount / 100).toFixed(2)}`);
        expect(withdrawals(...dollars.flatMap((amount) => ["SHOP 261001", amount]))).toEqual(
          amounts.map((amount) => `purchase ${amount}`),
        );
        expect(withdrawals(...dollars.map((amount) => `SHOP 261001 ${amount}`))).toEqual(
          amounts.map((amount) => `purchase ${amount}`),
        );
      }),
    );
  });

  it.each([
    ["CHASE CREDIT CRD AUTOPAY 261001 1234", "card_payment 500"],
    ["DISCOVER E-PAYMENT 261001 1234", "card_payment 500"],
    ["VENMO PAYMENT 261001 1234", "transfer 500"],
    ["ZELLE TO SAMPLE JOHN ON 10/03 REF # RP0SAMPLE", "transfer 500"],
    ["NON-WELLS FARGO ATM TRANSACTION FEE", "fee 500"],
    ["PURCHASE WITH CASH BACK $ 100.00 AUTHORIZED ON 10/03 MARKET IA P586015816826024 CARD 4668", "purchase 500"],
    ["NON-WF ATM WITHDRAWAL AUTHORIZED ON 10/03 1 MAIN ST IA 0001234 ATM ID 1A CARD 4668", "withdrawal 500"],
    ["MONEY TRANSFER AUTHORIZED ON 10/03 PAYPAL *EE43 SAN JOSE CA S123456789012 CARD 4668", "transfer 500"],
    ["SHOP 574426 261001", "purchase 500"],
  ])("knows what %j is", (row, event) => {
    expect(withdrawals(row, "$5.00")).toEqual([event]);
  });

  it.each([
    ["a row without an amount before another", [COFFEE[0] ?? "", ...ENERGY]],
    ["a row without an amount at the end", [...ENERGY, COFFEE[0] ?? ""]],
    ["an amount of zero", [COFFEE[0] ?? "", "$0.00"]],
    ["an amount without a row", [...ENERGY, "$5.00"]],
    ["a row in two lines", ["PURCHASE AUTHORIZED ON 10/03 SAMPLE COFFEE", "URBANDALE IA CARD 4444", "$5.00"]],
    ["two rows in one line", [`${COFFEE[0]} ${COFFEE[0]}`, "$5.00"]],
    ["a row that goes on behind its card", [`${COFFEE[0]} AUTHORIZED ON 10/03`, "$5.00"]],
    ["a row of an unknown form", ["CHECK # 1042", "$5.00"]],
    ["a row of another unknown form", ["BILL PAY SAMPLE ENERGY ON 10/03 FOR JANE", "$5.00"]],
    ["a day after that of the list", ["SHOP 261007", "$5.00"]],
    ["a purchase with a day that does not exist", [COFFEE[0]?.replace("10/03", "02/30") ?? "", "$5.00"]],
    ["a return among the withdrawals", [`PURCHASE RETURN${COFFEE[0]?.slice("PURCHASE".length)}`, "$5.00"]],
    ["nobody who took it", ["261001 SHOP", "$5.00"]],
  ])("is not understood at all with %s", (_, rows) => {
    expect(withdrawals(...COFFEE, ...rows)).toBe("failed");
  });

  it("is not understood when it may be cut, names two accounts, or has rows under an unknown heading", () => {
    expect(read(...START, "Withdrawals", ...COFFEE).outcome).toBe("failed");
    expect(read(...START, "Withdrawals", ...COFFEE, ...END, ...START, ...END).outcome).toBe("failed");
    expect(read(...START, "Debits", ...ENERGY, ...END).outcome).toBe("failed");
    expect(read(...START, "Debits", ENERGY.join(" "), ...END).outcome).toBe("failed");
  });

  it("is not understood when it has more rows than a person has in a day", () => {
    const rows = (count: number) => Array.from({ length: count }, () => "SHOP 261001 $5.00");
    expect(withdrawals(...rows(200))).toHaveLength(200);
    expect(withdrawals(...rows(201))).toBe("failed");
  });

  it("takes no balance for a transaction", () => {
    const balances = ["Balance summary", "Ending balance:", "$1,277.90", "Available balance1: $1,165.82"];
    expect(read(...START, ...balances, ...END).outcome).toBe("skipped");
    expect(read(...START, ...balances, "Withdrawals", ...COFFEE, ...END)).toMatchObject({
      events: [{ amountMinor: 475, card: "4444" }],
    });
  });

  it("is another mail without its headline", () => {
    expect(
      rundown.read({ from: "", subject: "", date: Temporal.Instant.fromEpochMilliseconds(0), lines: COFFEE }, US),
    ).toBeNull();
  });
});

describe("Wells Fargo's rundown on hostile input", () => {
  const PIECES = [
    ...START,
    "Withdrawals",
    "Deposits",
    ...COFFEE,
    ...ENERGY,
    ...END,
    "*Withdrawals*",
    "$",
    "As of ",
    "",
  ];

  it("never throws, and books no row twice", () => {
    const lines = fc.array(fc.oneof(anyText, fc.constantFrom(...PIECES)), { maxLength: 20 });
    fc.assert(
      fc.property(lines, (junk) => {
        const reading = read(...junk);
        const amounts = junk.filter((line) => line.includes("$")).length;
        if (reading.outcome === "understood") expect(reading.events.length).toBeLessThanOrEqual(amounts);
      }),
      { numRuns: 500 },
    );
  });

  // Nearly as long as mails may be. The time limit of a test stops what grows much faster than the input.
  it.each([...PIECES, " AUTHORIZED ON ", "A1234567890", " CARD 4444", "261001 ", "$1.00 ", "balance"])(
    "is done with very many of %j, in one line or many",
    (piece) => {
      const times = Math.min(4900, 90_000 / (piece.length + 1));
      const many = Array.from({ length: times }, () => piece);
      for (const lines of [many, [`PURCHASE AUTHORIZED ON 10/03 ${many.join("")}`], [many.join(" "), "$1.00"]]) {
        expect(readLines([...START.slice(0, 1), "Withdrawals", ...COFFEE, ...lines, ...END])).toBeDefined();
      }
    },
  );
});
