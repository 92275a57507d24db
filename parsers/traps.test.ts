import { describe, expect, it } from "vitest";

import { inboundFromEml } from "../handlers/inbound-from-eml.ts";
import { asInboundPayload, toMail } from "../handlers/inbound-payload.ts";
import { lookAlikes, type Candidate } from "../ledger/look-alikes.ts";
import { forwardsOf } from "../test/forwarded-mails.ts";
import { mailCalled, mailNames, said, written } from "../test/trap-mails.ts";
import { parseMoney } from "./amount.ts";
import { forwardedDate } from "./forwarded-date.ts";
import { unwrapForward } from "./forwarded.ts";
import { lastDigits } from "./last-digits.ts";
import type { Mail } from "./parser.ts";
import { parserFor } from "./registry.ts";
import { understand } from "./understand.ts";
import { parseWhen } from "./when.ts";

/** A mail by its fixture's name, what stands in it to mislead, and what it says. */
type Row = readonly [name: string, bait: string, says: string];

function expectRead(name: string, bait: string, says: string): void {
  const mail = mailCalled(name);
  expect(written(mail)).toContain(bait);
  expect([said(mail)].flat().join("\n")).toBe(says);
}

describe("the traps that real mails set", () => {
  it.each<Row>([
    ["amex/large-purchase", "more than $", "purchase 79297 USD | SAMPLE*GROCERY | 12345 | 2026-07-28"],
    ["huntington/withdrawal", "the $0.00 you", "purchase 6127 USD | CITY POWER & LIGHT | - | -"],
    ["chase/card-2021", "$0.00 level", "purchase 6383 USD | ANMOL INDIAN RESTAUR | 8302 | 2022-06-05T20:44:00Z"],
    ["citi/card-2018", "the $0.00 tr", "purchase 204 USD | CORNER STORE 1234 HOUSTON US | 3184 | 2018-08-29T15:40:00Z"],
  ])("1: a threshold before or behind the amount: %s", expectRead);

  it.each([
    ["amex/large-purchase", "There was a large purchase on your Card. It was more than $1.00.", "not_understood"],
    ["citi/card-2022", "http://www.example.com/ats/msg.aspx?sg1=0", "not_understood"],
    ["schwab/threshold", "Purchase more than alert threshold", "not_understood"],
    ["paypal/receipt", "", "not_understood"],
    ["wells-fargo/rundown-purchase", "", "not_understood"],
    [
      "discover/card-2026",
      "Merchant: SOMEBODY ELSE\nDate: July 06, 2026\nAmount: $9.99",
      "purchase 999 USD | SOMEBODY ELSE | - | 2026-07-06",
    ],
  ])("2: a text part that says nothing, or something else: %s", (name, text, alone) => {
    const mail = mailCalled(name);
    expect(said({ ...mail, text, html: "" })).toBe(alone);
    expect(understand({ ...mail, text }).outcome).toBe("events");
    expect(said({ ...mail, text })).toEqual(said({ ...mail, text: "" }));
  });

  it.each<Row>([
    ["venmo/paid-2026", "<div>$</div><div>178</div>", "purchase 17800 USD | Casey Sample | 1111 | 2026-09-13"],
    ["amex/large-purchase", "$792.97*", "purchase 79297 USD | SAMPLE*GROCERY | 12345 | 2026-07-28"],
    [
      "bank-of-america/card-2020-text-of-a-forward",
      "*$4.99*",
      "purchase 499 USD | PAYPAL SAMPLEGAMES | 3057 | 2024-02-28",
    ],
    [
      "chase/debit-2013-without-dollar-sign",
      "54.47 external transfer",
      "transfer 5447 USD | ROCKYMTN/PACIFIC POW | 6127 | 2013-12-27T07:05:13Z",
    ],
    ["us-bank/card-comments-inside-values", "charged <!--", "purchase 104510 USD | SAMPLE HARDWARE | 1234 | -"],
  ])("3: an amount that is split or decorated: %s", expectRead);

  it.each<Row>([
    ["axis/card-in-a-table", "2,40,100.50", "purchase 24010050 INR | SAMPLE & SONS | 4321 | 2026-07-04T14:08:34Z"],
    ["bancolombia/card", "COP44.247,00", "purchase 4424700 COP | MERCADOPAGO COLOMBIA | 2575 | 2026-04-08T22:38:00Z"],
    ["bancolombia/transfer-sent", "$30,000", "transfer 3000000 COP | *91210000000 | 6126 | 2026-04-11T19:31:00Z"],
    ["bancolombia/qr-code", "$84,000.00", "purchase 8400000 COP | 0091766433 | 6126 | 2026-04-03T19:11:00Z"],
    [
      "banco-de-chile/card",
      "$1.450",
      "purchase 1450 CLP | PARKING COSTANERA SANTIAGO CL | 5032 | 2026-03-11T18:09:00Z",
    ],
    [
      "paypay-bank/card-japan-net-bank",
      "2,760円",
      "purchase 2760 JPY | ＡＭＡＺＯＮ ＣＯ ＪＰ | - | 2020-07-26T17:47:20Z",
    ],
    ["citi-sg/card", "SGD5502.60", "purchase 550260 SGD | KKH PTE LTD SINGAPORE SGP | 7354 | 2025-01-06T06:54:02Z"],
    ["uob/card", "SGD 16.35", "purchase 1635 SGD | MCDONALD'S (PNS) | 8446 | 2024-12-10"],
    ["banorte/card", "$ 63.37 MN", "purchase 6337 MXN | UBER TRIP HELP.UBER.CO | 0000 | 2020-02-10"],
  ])("4: many ways of writing a number: %s", (...row) => {
    expectRead(...row);
    expect(parseMoney("CHF 3’333.33", { currency: "CHF", decimal: "." })?.amountMinor).toBe(333_333);
    expect(parseMoney("1.234", { currency: "KWD", decimal: null })).toBeNull();
  });

  it.each<Row>([
    ["bmo/card", "$1,234.56 of available credit", "purchase 1234 CAD | EXAMPLE STORE | 5678 | -"],
    [
      "huntington/withdrawal-towards-a-card",
      "balance is $19,748.78",
      "card_payment 172 USD | CHASE CREDIT CRD EPAY | - | -",
    ],
    ["icici/card", "Available Credit Limit", "purchase 12345600 INR | SAMPLE TOWER CASH | 0001 | 2026-02-16T05:01:46Z"],
    ["banreservas/card-payment", "DOP 10.00", "card_payment 500000 DOP | Visa *6666 | 6666 | 2026-07-31T14:25:00Z"],
    ["paypal/receipt", "$0.00 USD", "purchase 500 USD | Sample Shop | 3333 | 2026-07-22"],
    ["rbc/purchase-two-amounts", "$90.39", "not_understood"],
  ])("5: other amounts beside the one that counts: %s", expectRead);

  it.each([
    ["bank-of-america/card-2018-three-purchases", ["purchase 2953", "purchase 475", "purchase 475"]],
    ["bcr-costa-rica/card-two-rows", ["purchase 3227995", "declined 1250"]],
    ["wells-fargo/rundown-over-new-year", ["purchase 3120", "purchase 5800", "purchase 1250", "purchase 15395"]],
    ["wells-fargo/rundown-amount-missing", []],
    ["scotiabank/last-five", []],
    ["chase/daily-summary", []],
  ])("6: several transactions in one mail, or others' once more: %s", (name, events) => {
    const found = understand(mailCalled(name)).events;
    expect(found.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual(events);
  });

  it.each<readonly [what: string, mails: readonly Mail[], why: string | undefined]>([
    ["one purchase by two rules", [mailCalled("schwab/threshold"), mailCalled("schwab/card-not-present")], "same"],
    ["a bill and its tip", [mailCalled("venmo/receipt"), mailCalled("venmo/updated-total")], "updated"],
    ["a wallet and the card behind it", [walletMail(), cardMail("PAYPAL *SAMPLESHOP", "9:14 AM")], "wallet"],
    ["two coffees", [cardMail("SAMPLE*COFFEE SHOP", "9:14 AM"), cardMail("SAMPLE*COFFEE SHOP", "2:40 PM")], undefined],
  ])("7: duplicates of one purchase, proposed and never merged: %s", (_, mails, why) => {
    const all = mails.map(candidateOf);
    expect(all).toHaveLength(2);
    expect(lookAlikes(all, all)[0]?.why).toBe(why);
  });

  it.each<Row>([
    ["capital-one/withdrawal-notice", "withdrawal", "card_payment 19571 USD | DISCOVER | 0140 | 2026-04-13"],
    [
      "bancolombia/card-payment",
      "Pagaste",
      "card_payment 354025800 COP | Credit card payment | 7653 | 2026-05-21T21:30:00Z",
    ],
    ["chase/zelle-received", "Sent on", "deposit 7500 USD | SAMPLE SENDER | - | 2026-08-06"],
    ["us-bank/account-deposit", "Your transaction is complete.", "deposit 100000 USD | Deposit | 0000 | -"],
    ["axis/card-reversed", "REVERSED", "reversal 731000 INR | SAMPLEMART ONLINE | 4023 | 2026-07-04T09:01:00Z"],
    ["rbc/refund", "Purchase Amount:", "refund 84072 CAD | SOME MERCHANT | 1001 | 2025-06-10"],
    ["rbc/withdrawal", "Withdrawal Amount:", "not_understood"],
  ])("8: what is no spending in the form of spending: %s", expectRead);

  it.each<Row>([
    ["bmo/declined", "was declined on", "declined 1234 CAD | EXAMPLE STORE | 5678 | -"],
    [
      "bcr-costa-rica/card-declined",
      "Negada",
      "declined 400000 CRC | LA CALI SAN JOSE CR | 9282 | 2026-01-17T04:31:15Z",
    ],
    ["banco-popular-do/declined", "declinada", "nothing"],
    ["navy-federal/declined", "declined", "nothing"],
    ["bank-of-america/declined", "declined", "declined 6410 USD | SAMPLE FUEL 0091234 | 3057 | 2024-04-08"],
  ])("9: declined in the form of approved: %s", expectRead);

  it.each([
    ["03 JUN 05:36 (SGT)", "2026-06-03T05:36:00+08:00"],
    ["10/Feb 08:14:03 hrs.", "2026-02-10"],
    ["08/03/26", "2026-03-08"],
    ["15 Set, 2026 - 08:20 pm", "2026-09-15"],
    ["02/Ago/2026", "2026-08-02"],
    ["May. 14, 2026", "2026-05-14"],
    ["14 Jul 2026 13:22 PM", "2026-07-14"],
    ["1 ago 2026, 7:16\u00a0p.\u00a0m.", "2026-08-01"],
    ["31/12", "2025-12-31"],
    ["30/02/2026", null],
  ])("10: a day without its year, of two digits or in another order: %s", (text, when) => {
    const mail = Temporal.Instant.from("2026-10-02T20:00:00Z");
    const read = parseWhen(text, { dates: "day-first", zone: null }, mail);
    expect(read?.toString() ?? null).toBe(when?.includes("T") ? Temporal.Instant.from(when).toString() : when);
  });

  it.each<Row>([
    ["chase/card-2018", "EDT", "purchase 784 USD | Subway Restaurant | 0000 | 2018-08-29T20:04:23Z"],
    ["navy-federal/card", "EST", "purchase 104320 USD | JOE'S GRILL AT THE PIER | 1234 | 2026-03-07T19:15:00Z"],
    ["dbs/card", "(SGT)", "purchase 364 SGD | BUS/MRT | 0000 | 2026-06-02T21:36:00Z"],
    [
      "uob/paynow-sent-2023",
      "SG Time",
      "transfer 1234 SGD | PayNow ID ending with TEST_RECIPIENT | - | 2023-06-07T03:48:00Z",
    ],
    ["hdfc/credit-card", "15 Jan, 2026", "purchase 150000 INR | SAMPLE MERCHANT | 4242 | 2026-01-15T05:00:00Z"],
    [
      "wells-fargo/rundown-purchase",
      "Central Time",
      "purchase 1400 USD | ACE PARKING 3286 BELLVUE WA | 4444 | 2026-09-29",
    ],
    ["mashreq/card", "01:22 PM", "purchase 22000 AED | SAMPLE RESTAURAN DUBAI AE | 0000 | 2026-07-11T09:22:00Z"],
  ])("11: times in the zone of the mail, written or not: %s", (...row) => {
    expectRead(...row);
    const sent = "Tuesday, April 2, 2024 10:45:26 PM (UTC-08:00) Pacific Time (US & Canada)";
    expect(forwardedDate(sent, "+0100")).toBe("2 Apr 2024 22:45:26 -0800");
  });

  it.each<Row>([
    ["capital-one/refund", "AMAZON RETA*", "refund 3885 USD | AMAZON RETA* 5L65G7Q41 | 5508 | 2026-10-01"],
    [
      "citi/card-2022-town-glued-on",
      "PARKUS",
      "purchase 4472 USD | COSTCO GAS #1318 MONTEREY PARKUS | 7268 | 2026-04-30T18:58:00Z",
    ],
    ["citi/card-2022", "STOP &amp; SHOP", "purchase 328 USD | STOP & SHOP | 1234 | 2022-09-13T22:21:00Z"],
    [
      "capital-one/card-2025-comma-in-the-merchant",
      ", at",
      "purchase 101049 USD | DINER, at the Station, Inc. | 5363 | 2026-05-14",
    ],
    [
      "chase/card-2018-month-in-words",
      "Mer\\chant",
      "purchase 10900 USD | Test Mer\\chant.com | 0000 | 2020-10-15T15:27:00Z",
    ],
    ["us-bank/account-spent-or-moved", "Your transaction of", "not_understood"],
    ["usaa/account-debit-spent-or-moved", "USAA DEBIT", "not_understood"],
  ])("12: a merchant that is padded, glued, cut or missing: %s", expectRead);

  it.each<Row>([
    ["amex/large-purchase-2016", "54321", "purchase 3140 USD | SAMPLE BOOKS | 54321 | 2016-11-09"],
    ["usaa/card", "USAA # ending in: 4321", "purchase 1999 USD | SAMPLE HARDWARE STORE | 3355 | 2026-08-03"],
    ["wells-fargo/rundown-purchase", "...2222", "purchase 1400 USD | ACE PARKING 3286 BELLVUE WA | 4444 | 2026-09-29"],
    ["scotiabank/card-account-by-its-nickname", "account", "purchase 124820 CAD | SAMPLE TIRE | - | -"],
  ])("13: several numbers, of which one is the card's: %s", (...row) => {
    expectRead(...row);
    const written = ["(...8394)", "…8394", "••8394", "XX8394", "****8394", "ending in - 8394"];
    expect(written.map(lastDigits)).toEqual(written.map(() => "8394"));
    expect(lastDigits("Everyday Savings")).toBeNull();
  });

  it.each([
    ["a body in base64 behind invisible words", "base64", (html: string) => Buffer.from(html).toString("base64")],
    ["a soft break inside every word", "quoted-printable", softlyBroken],
  ])("14: encodings: %s", async (_, encoding, encode) => {
    const html = `<HTML><BODY><DIV STYLE="display:none">Amount: $9.99 &#847;&zwnj;&#8199;</DIV><TABLE>
<TR><TD>Merchant:&nbsp;STOP &amp; SHOP${" ".repeat(115)}</TD></TR>
<TR><TD>Date:&nbsp;July 06, 2026</TD></TR><TR><TD>Amount:&nbsp;$25&#46;00</TD></TR></TABLE></BODY></HTML>`;
    const mail = [
      "From: Discover Card <discover@services.discover.com>",
      `Subject: =?UTF-8?B?${Buffer.from("Transaction Alert ® from Discover").toString("base64")}?=`,
      "Date: Mon, 6 Jul 2026 18:04:11 -0500",
      "Content-Type: text/html; charset=utf-8",
      `Content-Transfer-Encoding: ${encoding}`,
      "",
      encode(html),
    ].join("\r\n");
    const read = await mailOfEml(mail);
    expect(read.subject).toBe("Transaction Alert ® from Discover");
    expect(said(read)).toBe("purchase 2500 USD | STOP & SHOP | - | 2026-07-06");
    expect(said(mailCalled("dbs/received-in-a-sentence-still-encoded"))).toBe("not_understood");
  });

  it.each(["chase/card-2025", "citi/card-2022", "uob/card", "amex/large-purchase"])(
    "15: forwarded by hand, wrapped, quoted and translated: %s",
    (name) => {
      const original = mailCalled(name);
      const { events } = understand(original);
      expect(events).toHaveLength(1);
      for (const { program, mail } of forwardsOf(original)) {
        expect([program, understand(mail).events]).toEqual([program, []]);
        const inner = unwrapForward(mail)?.mail;
        expect([program, inner && understand({ ...inner, date: original.date }).events]).toEqual([program, events]);
      }
    },
  );

  it("16: sentences whose values are missing or were never filled in", () => {
    const holes = mailNames().filter((name) => /-(?:missing|unrendered|unfilled|holes)$/.test(name));
    expect(holes.length).toBeGreaterThan(100);
    expect(holes).toContain("rbc/purchase-with-holes");
    expect(holes).toContain("banreservas/card-payment-unrendered");
    expect(holes.filter((name) => said(mailCalled(name)) !== "not_understood")).toEqual([]);
  });

  it.each([
    ["usaa", ["usaa.customer.service@mailcenter.usaa.com"], ["usaa.customer.service@mailcenter.usaa.example.com"]],
    [
      "amex",
      ["americanexpress@welcome.americanexpress.com", "americanexpress@welcome.aexp.com"],
      ["americanexpress@member.americanexpress.com"],
    ],
    ["chase", ["no.reply.alerts@chase.com", "no-reply@alertsp.chase.com"], ["chase@mcmap.chase.com"]],
    ["us-bank", ["usbank@notifications.usbank.com"], ["1800usbanks@email.usbank.com"]],
    [
      "capital-one",
      ["capitalone@notification.capitalone.com"],
      ["capitalone@notification.captialone.com", "capitalone@notification.capitalone.com.example.com"],
    ],
  ])("17: senders that moved, and others that look like them: %s", (id, own, others) => {
    expect(own.map((sender) => parserFor(sender)?.id)).toEqual(own.map(() => id));
    expect(others.map((sender) => parserFor(sender)?.id ?? null)).toEqual(others.map(() => null));
    for (const sender of others) {
      expect(said({ ...mailCalled("discover/card-2026"), from: sender })).toBe("unknown_sender");
    }
  });

  it.each<readonly [name: string, says: string]>([
    ["discover/card-2018", "purchase 293 USD | SUBWAY RESTAURANT E | - | 2018-08-30"],
    ["discover/card-2025-date-first", "purchase 100 USD | HOLIDAY STATIONS 3826 | - | 2025-08-18"],
    ["discover/card-2026", "purchase 2500 USD | TEST MERCHANT CO | 0000 | 2026-07-06"],
    ["chase/card-2018", "purchase 784 USD | Subway Restaurant | 0000 | 2018-08-29T20:04:23Z"],
    ["chase/card-2021", "purchase 6383 USD | ANMOL INDIAN RESTAUR | 8302 | 2022-06-05T20:44:00Z"],
    ["chase/card-2025", "purchase 1234 USD | SAMPLE*COFFEE SHOP | 4321 | 2026-03-07T14:14:00Z"],
    ["amex/large-purchase-2014", "purchase 8710 USD | SAMPLE GARDEN CENTER | 54321 | 2014-03-05"],
    ["amex/large-purchase", "purchase 79297 USD | SAMPLE*GROCERY | 12345 | 2026-07-28"],
    ["discover/card-without-labels", "not_understood"],
  ])("18: old and new forms side by side, and one that nobody knows yet: %s", (name, says) => {
    const mail = mailCalled(name);
    expect(said(mail)).toBe(says);
    // Whatever becomes of it, the person can read it.
    expect(understand(mail).lines.length).toBeGreaterThan(0);
  });
});

/** The alert of a card that ends in 3333, for $12.34 on 7 March 2026, sent half a minute later. */
function cardMail(merchant: string, time: string): Mail {
  const mail = mailCalled("chase/card-2025");
  const date = time === "9:14 AM" ? mail.date : "Sat, 7 Mar 2026 19:40:30 +0000";
  const html = mail.html
    .replaceAll("SAMPLE*COFFEE SHOP", merchant)
    .replaceAll("9:14 AM", time)
    .replaceAll("4321", "3333");
  return { ...mail, subject: mail.subject.replace("SAMPLE*COFFEE SHOP", merchant), html, date };
}

/** The receipt of what that card paid for. */
function walletMail(): Mail {
  const mail = mailCalled("paypal/receipt");
  const html = mail.html.replaceAll("$5.00", "$12.34").replaceAll("July 22, 2026", "March 7, 2026");
  return { ...mail, html, date: "Sat, 7 Mar 2026 14:14:20 +0000" };
}

/** The mail's only event, as the ledger compares it. */
function candidateOf(mail: Mail): Candidate {
  const { institution, date, events } = understand(mail);
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) throw new Error(`${mail.subject} tells of ${events.length} events.`);
  const { occurred } = event;
  const noon =
    occurred instanceof Temporal.PlainDate ? occurred.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" }) : null;
  const instant = occurred instanceof Temporal.Instant ? occurred : (noon?.toInstant() ?? date);
  return {
    ...event,
    id: mail.date,
    mailId: mail.date,
    institution: institution ?? "",
    occurredAt: instant.epochMilliseconds,
    occurredOn: occurred instanceof Temporal.PlainDate ? occurred.toString() : null,
    mailDate: date.epochMilliseconds,
  };
}

async function mailOfEml(raw: string): Promise<Mail> {
  const arrival = { recipient: "alerts@example.com", messageId: "00000000-0000-4000-8000-000000000000", added: [] };
  const payload = asInboundPayload(await inboundFromEml(Buffer.from(raw), arrival));
  if (payload === null) throw new Error("It is not what Postmark posts.");
  return toMail(payload, Temporal.Instant.from("2026-07-07T00:00:00Z"));
}

function softlyBroken(html: string): string {
  const encoded = html.replaceAll("=", "=3D").replaceAll("\n", "=0A");
  return encoded.replaceAll(/(?:=[\dA-F]{2}|[^=]){7}/g, "$&=\r\n");
}
