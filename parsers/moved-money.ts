/** How card issuers call themselves when they take money from an account. What the card bought is told by its own alerts. */
const CARD_ISSUERS = [
  ...["CHASE CREDIT CRD", "AMERICAN EXPRESS ACH PMT", "AMEX EPAYMENT", "DISCOVER E-PAYMENT", "CITI CARD ONLINE"],
  ...["CAPITAL ONE CRCARDPMT", "CAPITAL ONE MOBILE PMT", "CAPITAL ONE ONLINE PMT", "APPLECARD GSBANK"],
  ...["BARCLAYCARD US", "CARDMEMBER SERV", "BK OF AMER VISA"],
];

const MOVERS = ["VENMO PAYMENT", "ZELLE TO ", "ONLINE TRANSFER TO ", "RECURRING TRANSFER TO ", "TREASURY DIRECT"];

/** Names that mean it only when nothing stands behind them: `DISCOVER TOURS` is somebody else. */
const WHOLE_NAMES: ReadonlyMap<string, "card_payment" | "transfer"> = new Map([
  ["AMERICAN EXPRESS", "card_payment"],
  ["DISCOVER", "card_payment"],
  ["VENMO", "transfer"],
]);

/**
 * What it was that the payee of a withdrawal from an account, as banks write it, took the money for, where that was no
 * spending: a payment towards a card, or money that was only moved. Null for everybody else, who may be a shop or not.
 */
export function movedMoney(payee: string): "card_payment" | "transfer" | null {
  if (CARD_ISSUERS.some((start) => payee.startsWith(start))) return "card_payment";
  if (MOVERS.some((start) => payee.startsWith(start))) return "transfer";
  return WHOLE_NAMES.get(payee) ?? null;
}
