import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readGeneric } from "./generic.ts";
import type { ReadableMail } from "./parser.ts";

const date = Temporal.Instant.from("2026-04-05T12:00:00Z");

function mailOf(lines: readonly string[], subject = "", from = "alerts@example.com"): ReadableMail {
  return { from, subject, date, lines };
}

describe("an alert of an unknown institution", () => {
  it.each([
    ["Your card ending in 4321 was charged $19.99 at BLUE DOOR BAKERY on 04/03/2026.", 1999, "USD", "BLUE DOOR BAKERY"],
    ["A purchase of €1.234,50 was made at Corner Books on 3 April 2026.", 123450, "EUR", "Corner Books"],
    ["BLUE DOOR BAKERY charged your account for $42.17 on Apr. 3, 2026.", 4217, "USD", "BLUE DOOR BAKERY"],
    [
      "Compraste COP44.247,00 en LA ESQUINA con tu tarjeta *2575, el 03/04/2026 a las 17:38.",
      4424700,
      "COP",
      "LA ESQUINA",
    ],
    ["Se ha realizado una compra por S/ 53.30 con tu tarjeta en EL SOL el 03/04/2026.", 5330, "PEN", "EL SOL"],
    ["Compra de R$ 53,30 no seu cartão em PADARIA SOL no dia 03/04/2026.", 5330, "BRL", "PADARIA SOL"],
    [
      "Un achat de 12,60 € a été effectué chez BOULANGERIE LUNE avec votre carte le 03/04/2026.",
      1260,
      "EUR",
      "BOULANGERIE LUNE",
    ],
    ["Ihre Karte wurde am 03.04.2026 mit 12,60 EUR bei BACKHAUS NORD belastet.", 1260, "EUR", "BACKHAUS NORD"],
  ])("is read from its sentence: %s", (line, amountMinor, currency, merchant) => {
    const reading = readGeneric(mailOf([line]));
    expect(reading?.missing).toEqual([]);
    expect(reading?.event).toMatchObject({ kind: "purchase", amountMinor, currency, merchant });
    expect(reading?.event.occurred?.toString()).toBe("2026-04-03");
  });

  it.each([
    ["Purchase alert", ["Amount: $5.00", "Merchant: Corner Books", "Date: April 3, 2026"]],
    ["Notificación de consumo", ["Monto:", "RD$ 5.00", "Comercio:", "Corner Books", "Fecha:", "03/04/2026"]],
    ["Aviso de compra", ["Valor: R$ 5,00", "Estabelecimento: Corner Books", "Data: 03/04/2026"]],
    ["Avis d'achat", ["Montant : 5,00 €", "Commerçant : Corner Books", "Date : 03/04/2026"]],
    ["Kartenzahlung", ["Betrag: 5,00 EUR", "Händler: Corner Books", "Datum: 03.04.2026"]],
    ["Purchase", ["Date", "Amount", "Merchant", "04/03/2026", "$5.00", "Corner Books"]],
  ])("is read from its labels: %s", (subject, lines) => {
    const reading = readGeneric(mailOf(lines, subject));
    expect(reading).toMatchObject({ missing: [], event: { amountMinor: 500, merchant: "Corner Books" } });
    expect(reading?.event.occurred?.toString()).toBe("2026-04-03");
  });

  it("takes neither a threshold nor a balance for the amount", () => {
    const lines = [
      "Your charge was more than the $1.00 level you set.",
      "Your card was charged $19.99 at CORNER BOOKS.",
      "Available balance: $1,234.00",
    ];
    expect(readGeneric(mailOf(lines))).toMatchObject({ missing: [], event: { amountMinor: 1999 } });
  });

  it("takes the words of a withdrawal for a merchant where no place is named", () => {
    const reading = readGeneric(mailOf(["An ATM withdrawal of $80.00 was made with your card ending in 4321."]));
    expect(reading?.event).toMatchObject({ kind: "withdrawal", merchant: "ATM withdrawal", card: "4321" });
  });
});

describe("a mail that tells of no purchase", () => {
  it.each([
    ["Your one-time passcode for a purchase of $19.99 at CORNER BOOKS is 123456."],
    ["Your purchase of $19.99 at CORNER BOOKS was declined."],
    ["We could not process a charge of $19.99 at CORNER BOOKS."],
    ["Your purchase of $19.99 at CORNER BOOKS was refunded."],
    ["A credit of $19.99 from CORNER BOOKS was credited to your account."],
    ["You sent $19.99 to JANE DOE."],
    ["JANE DOE paid you $19.99."],
    ["You received a deposit of $1,000.00 from ACME."],
    ["Thank you for your payment of $450.00 to CARD SERVICES."],
    ["Your statement is ready. New balance: $450.00. Minimum payment due: $35.00."],
    ["Reminder: your payment of $35.00 to CORNER BANK is due on 04/15/2026."],
    ["Your subscription to CORNER BOOKS will be charged $9.99 on 04/15/2026."],
    ["Earn $50 when you spent $500 at CORNER BOOKS."],
    ["Order confirmation: you paid $19.99 at CORNER BOOKS. Your order is on its way."],
    ["Your card ending in 4321 was charged $19.99 at EXAMPLE CREDIT CRD EPAY."],
    ["Tu compra por S/ 53.30 en EL SOL no fue exitosa."],
    ["Pagaste COP250.000,00 en la tarjeta de credito *2575 desde la cuenta *6126"],
    ["Su código de verificación para la compra de S/ 53.30 en EL SOL es 1234."],
    ["A compra de R$ 53,30 em PADARIA SOL não foi autorizada."],
    ["Estorno da compra de R$ 53,30 em PADARIA SOL."],
    ["Votre paiement de 12,60 € chez BOULANGERIE LUNE a été refusé."],
    ["Virement de 12,60 € à Jane Doe."],
    ["Ihre Zahlung von 12,60 EUR bei BACKHAUS NORD wurde abgelehnt."],
    ["Gutschrift von 12,60 EUR von BACKHAUS NORD."],
    ["Hello, how are you?"],
    ["Your purchase of {{amount}} at CORNER BOOKS, over the $1.00 you set."],
  ])("is nothing: %s", (line) => {
    expect(readGeneric(mailOf([line]))).toBeNull();
  });

  it.each([
    "EXAMPLE CREDIT CRD EPAY",
    "VENMO PAYMENT",
    "AMERICAN EXPRESS",
    "Savings A/C ending 1111",
    "NEFT/000000/JANE DOE",
    "STANDING ORDER JANE DOE",
  ])("is nothing when the money went to an account instead of a shop: %s", (payee) => {
    const lines = (to: string) => ["Debit card transaction", "Amount: $19.99", `To: ${to}`];
    expect(readGeneric(mailOf(lines("CORNER BOOKS")))?.missing).toEqual([]);
    expect(readGeneric(mailOf(lines(payee)))).toBeNull();
  });

  it.each(["was declined", "not approved", "no fue exitosa", "não foi autorizada", "a été refusé", "wurde abgelehnt"])(
    "never takes what became of the purchase for a part of the merchant's name: %s",
    (words) => {
      const reading = readGeneric(mailOf([`Your card was charged $19.99 at CORNER BOOKS ${words}.`]));
      expect(reading === null || reading.missing.length > 0).toBe(true);
    },
  );

  it("is nothing when a state of its own says so, wherever it stands", () => {
    const lines = ["Your card was charged $19.99 at CORNER BOOKS.", "Thank you.", "Status: DECLINED"];
    expect(readGeneric(mailOf(lines))).toBeNull();
  });
});

describe("what is doubtful", () => {
  const missing = (...args: Parameters<typeof mailOf>) => readGeneric(mailOf(...args))?.missing;

  it("is left out: two amounts", () => {
    const lines = ["Your card was charged $19.99 at CORNER BOOKS.", "Amount: $29.99"];
    expect(readGeneric(mailOf(lines))).toMatchObject({ missing: ["amount"], event: { amountMinor: 0 } });
  });

  it("is left out: two merchants", () => {
    expect(missing(["Purchase alert", "Merchant: CORNER BOOKS", "Store: BLUE DOOR", "Amount: $19.99"])).toEqual([
      "merchant",
    ]);
  });

  it("is left out: a day that two orders make two likely ones", () => {
    const april = { ...mailOf(["A purchase of $5.00 was made at CORNER BOOKS on 03/04/2026."]) };
    const late = { ...april, date: Temporal.Instant.from("2026-04-20T12:00:00Z") };
    expect(readGeneric(late)?.missing).toEqual(["when"]);
    expect(readGeneric(april)?.event.confidence).toBeLessThan(0.9);
    expect(readGeneric(april)?.event.occurred?.toString()).toBe("2026-04-03");
  });

  it("is the currency of a bare sign, unless the sender's country, the person's habit or English settles it", () => {
    const lines = ["Se ha realizado una compra por $1.450 en EL SOL con su tarjeta."];
    expect(missing(lines)).toEqual(["amount"]);
    const fromChile = readGeneric(mailOf(lines, "", "aviso@example.cl"));
    expect(fromChile?.event).toMatchObject({ amountMinor: 1450, currency: "CLP" });
    const charge = mailOf(["Your card was charged $19.99 at CORNER BOOKS."]);
    expect(readGeneric(charge)?.event.currency).toBe("USD");
    expect(readGeneric(charge, { currency: "CAD" })?.event.currency).toBe("CAD");
  });
});

describe("the shape of a mail", () => {
  const LINES = ["Your card ending in 4321 was charged $19.99 at CORNER BOOKS on 04/03/2026.", "Not you? Call us."];
  const shapeOf = (lines: readonly string[], subject = "Card alert") => readGeneric(mailOf(lines, subject))?.shape;
  const shape = shapeOf(LINES);

  it("is the same for other values", () => {
    const other = "Your card ending in 8765 was charged $1,204.50 at ST. JOHN'S DELI on 04/05/2026.";
    expect(shape).toBeDefined();
    expect(shapeOf([other, "Not you? Call us."])).toBe(shape);
  });

  it.each([
    ["another subject", LINES, "Card notice"],
    [
      "a word more in the sentence",
      [LINES[0]?.replace("was charged", "was then charged") ?? "", "Not you? Call us."],
      undefined,
    ],
    ["a sentence more", [...LINES, "This is only a pending charge."], undefined],
    ["a sentence less", LINES.slice(0, 1), undefined],
    ["no day", ["Your card ending in 4321 was charged $19.99 at CORNER BOOKS.", "Not you? Call us."], undefined],
  ])("is another one with %s", (_, lines, subject) => {
    const other = shapeOf(lines, subject);
    expect(other).toBeDefined();
    expect(other).not.toBe(shape);
  });
});

describe("a line more", () => {
  const lines = ["Your card was charged $19.99 at CORNER BOOKS on 04/03/2026."];

  it.each([
    "This transaction was not approved.",
    "Your card was not charged.",
    "The transaction could not be completed.",
    "Your purchase has been cancelled.",
    "The payment failed.",
    "The charge was voided.",
    "We blocked this transaction.",
  ])("leaves no complete guess where it says that nothing was bought: %s", (line) => {
    expect(readGeneric(mailOf(lines))?.missing).toEqual([]);
    expect(readGeneric(mailOf([...lines, line]))?.missing ?? ["all"]).not.toEqual([]);
  });

  it.each([
    ["Note: thank you", "Note: this was a credit"],
    ["Memo: books", "Memo: Did not go through"],
    ["Category: Shopping", "Category: Returns and credits"],
    ["Account: Savings 1234", "Account: Savings 1234, money moved in"],
  ])("has another shape with other words behind its label: %s and %s", (line, other) => {
    const shape = readGeneric(mailOf([...lines, line]))?.shape;
    expect(shape).toBeDefined();
    expect(readGeneric(mailOf([...lines, other]))?.shape).not.toBe(shape);
  });

  it("has the same shape with other digits behind its label", () => {
    const shape = readGeneric(mailOf([...lines, "Reference: 12AB 77"]))?.shape;
    expect(readGeneric(mailOf([...lines, "Reference: 98CD 12"]))?.shape).toBe(shape);
  });
});

describe("a name with words that may be no part of it", () => {
  it.each([
    "ACME (Declined)",
    "ACME - DECLINED",
    "Refund from ACME",
    "REVERSAL ACME",
    "ACME credit",
    "ACME, given back",
  ])("is left out behind a label: %s", (name) => {
    const lines = (merchant: string) => ["Amount: $19.99", `Merchant: ${merchant}`, "Date: April 3, 2026"];
    expect(readGeneric(mailOf(lines("ACME"), "Purchase alert"))?.missing).toEqual([]);
    expect(readGeneric(mailOf(lines(name), "Purchase alert"))?.missing ?? ["merchant"]).toContain("merchant");
  });

  it.each([
    "ACME STORE (Declined)",
    "Acme Store and it bounced",
    "Acme Store but we gave it back",
    "ACME STORE on Mar. 14, 2025",
    "ACME STORE on Wed, Nov 18",
    "ACME STORE on 18NOV26",
    "ACME STORE on Nov-18-2026",
    "ACME STORE on 18 Listopad 2026",
    "ACME STORE on Thursday",
    "ACME STORE, Thursday",
    "ACME RETURN",
    "ACME/void",
  ])("is left out in a sentence: %s", (name) => {
    const reading = readGeneric(mailOf([`Your card was charged $19.99 at ${name}`]));
    expect(reading?.missing ?? ["merchant"]).toContain("merchant");
  });

  it.each(["Boulangerie de la Lune", "Bed and Bath", "amazon.com*A1B2", "LA ESQUINA 33012", "Tienda del Sol"])(
    "is a name where names have such words: %s",
    (name) => {
      const lines = ["Amount: $19.99", `Merchant: ${name}`, "Date: April 3, 2026"];
      expect(readGeneric(mailOf(lines, "Purchase alert"))).toMatchObject({ missing: [], event: { merchant: name } });
    },
  );
});

describe("a number with blanks", () => {
  const purchase = (amount: string) =>
    mailOf([`Un achat de ${amount} a été effectué chez BOULANGERIE LUNE avec votre carte le 03/04/2026.`]);

  it.each([
    ["1 245,90 €", 124590],
    ["1\u202f245,90 €", 124590],
    ["1\u00a0245,90 EUR", 124590],
    ["€ 1 245,90", 124590],
    ["12 001 245,90 €", 1200124590],
  ])("is one amount in groups of three: %s", (amount, amountMinor) => {
    const reading = readGeneric(purchase(amount));
    expect(reading).toMatchObject({ missing: [], event: { amountMinor, currency: "EUR" } });
  });

  it.each([
    ["Compra de 1 245,90 EUR en EL SOL con tu tarjeta el 03/04/2026.", 124590],
    ["Your card was charged $1 245.90 at CORNER BOOKS.", 124590],
  ])("is one amount in any language: %s", (line, amountMinor) => {
    expect(readGeneric(mailOf([line]))).toMatchObject({ missing: [], event: { amountMinor } });
  });

  it("is one amount behind a label", () => {
    const lines = ["Montant : 1 245,90 €", "Commerçant : Corner Books", "Date : 03/04/2026"];
    expect(readGeneric(mailOf(lines, "Avis d'achat"))).toMatchObject({ missing: [], event: { amountMinor: 124590 } });
  });

  it.each([
    "1234 245,90 €",
    "1  245,90 €",
    "1´245,90 €",
    "1\u200b245,90 €",
    "12 45,90 €",
    "€ 12 34",
    "€ 1 245 1234",
    "€ 12 ,90",
  ])("is no amount in others: %s", (amount) => {
    expect(readGeneric(purchase(amount))?.missing).toContain("amount");
  });

  it("has a shape of its own where a number stands beside the amount", () => {
    expect(readGeneric(purchase("12 45,90 €"))?.shape).not.toBe(readGeneric(purchase("45,90 €"))?.shape);
  });
});

describe("any mail", () => {
  const word = fc.constantFrom(
    ...[
      "$19.99",
      "purchase",
      "at",
      "CORNER",
      "on",
      "04/03/2026",
      "was",
      "charged",
      "declined",
      "Amount:",
      "Merchant:",
      "\n",
    ],
    ...[
      "€",
      "1.234,56",
      "compra",
      "en",
      "EUR",
      "***1234",
      "Date:",
      "$",
      "{{x}}",
      "ﬁ",
      "İ",
      "😀",
      ".",
      ",",
      "Rs.",
      "(",
      "*",
    ],
  );
  const mails = fc
    .array(fc.oneof(word, fc.string()), { maxLength: 40 })
    .map((words) => mailOf(words.join(" ").split("\n")));

  it("is read without a throw, and an amount's digits are those of words in it", () => {
    fc.assert(
      fc.property(mails, (mail) => {
        const event = readGeneric(mail)?.event;
        if (event === undefined || event.amountMinor === 0) return;
        const text = mail.lines.map((line) => line.normalize("NFKC").replaceAll(/\s+/g, " ")).join(" ");
        expect(text.replaceAll(" ", "")).toContain(event.words.amount.normalize("NFKC").replaceAll(" ", ""));
        expect(event.words.amount.replaceAll(/\D/g, "").replace(/^0+/, "")).toContain(
          String(event.amountMinor).replace(/0+$/, ""),
        );
      }),
    );
  });

  it("is not read when it tells of more than one alert can", () => {
    const line = "Your card was charged $19.99 at CORNER BOOKS on 04/03/2026.";
    expect(readGeneric(mailOf(Array.from({ length: 3 }, () => line)))).not.toBeNull();
    expect(readGeneric(mailOf(Array.from({ length: 70 }, () => line)))).toBeNull();
    expect(readGeneric(mailOf([line, ...Array.from({ length: 50 }, () => "04/03/2026")]))).toBeNull();
  });

  it("is not read when it names more cards than an alert does", () => {
    const line = "Your card was charged $19.99 at CORNER BOOKS on 04/03/2026.";
    expect(readGeneric(mailOf([line, "..1234"]))).not.toBeNull();
    expect(readGeneric(mailOf([line, "..1234 ".repeat(2000)]))).toBeNull();
  });

  it("is not read when it is longer than alerts are", () => {
    const line = "Your card was charged $19.99 at CORNER BOOKS.";
    expect(readGeneric(mailOf([line, ...Array.from({ length: 20 }, () => "x".repeat(1100))]))).toBeNull();
    expect(readGeneric(mailOf([line, ...Array.from({ length: 400 }, () => "x")]))).toBeNull();
  });
});
