import { describe, expect, it } from "vitest";

import { isSpending } from "../../ledger/spending.ts";
import { dbs } from "./dbs.ts";

const CARD = "DBS/POSB card ending 0000";
const WALLET = "PayLah! Wallet (Mobile ending 9999)";
const ACCOUNT = "Salary A/C ending 0000";

/** Whether a mail in DBS's one form books spending. */
function isBooked(what: string, from: string, to: string): boolean {
  const lines = [
    `We refer to your ${what} dated 03 Jun. We are pleased to confirm that the transaction was completed.`,
    ...["Date & Time: 03 Jun 05:36 (SGT)", "Amount: SGD3.64", `From: ${from}`, `To: ${to}`],
  ];
  const date = Temporal.Instant.from("2026-06-03T00:00:00Z");
  const reading = dbs.read({ from: "", subject: "Transaction Alerts", date, lines });
  return reading.outcome === "understood" && reading.events.some(({ kind }) => isSpending(kind));
}

describe("DBS's one form for everything", () => {
  it.each([
    ["card transaction request", CARD],
    ["PayLah! Google Pay UEN transaction", WALLET],
    ["PayLah! Scan & Pay Transfer", WALLET],
  ])("is spending for a %s", (what, from) => {
    expect(isBooked(what, from, "SHOP")).toBe(true);
    expect(isBooked(what, ACCOUNT, "SHOP")).toBe(false);
  });

  it.each([
    ["PayNow", ACCOUNT, "SHOP PTE. LTD. (UEN ending 942R)"],
    ["FAST transfer", ACCOUNT, "Jane (A/C ending 1111)"],
    ["Funds Transfer to own account", ACCOUNT, "Emergency Fund (A/C ending 1111)"],
    ["bill payment", ACCOUNT, "DBS/POSB card ending 2912"],
    ["PayLah! Transfer", WALLET, "Jane (Mobile ending 1111)"],
    ["PayLah! top up", ACCOUNT, WALLET],
    ["card transaction request", CARD, "DBS/POSB card ending 2912"],
  ])("is none for a %s from %s to %s", (what, from, to) => {
    expect(isBooked(what, from, to)).toBe(false);
  });
});
