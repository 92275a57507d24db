import { fold } from "./generic-phrases.ts";
import { signPhrases } from "./generic-words.ts";
import { movedMoney } from "./moved-money.ts";

/** What institutions write for money that goes to the person's own card or account, and codes that may mean anything. */
const MOVED =
  /\b(?:epay|autopay|auto pay|payment|pymt|pmt|crd|transfer|xfer|ach|zelle|pago|pagamento|virement|transferencia|thank you)\b|\/.*\/|\/\d{4}/;
/** An account instead of a merchant. */
const ACCOUNT =
  /(?:\b(?:account|a\/c|acct|ending|cuenta|conta|compte|konto|savings|checking|tarjeta|credit card|debit card|cartao|carte)\b)|(?:card|tarjeta|cartao|karte|carte)$|[*•x]{2}\d|\.\.\d/;

/** Whether words in the name, in small letters, say that nothing was bought: no name has them. */
export function isTakenBack(text: string): boolean {
  const folded = fold(text);
  return (["declined", "refund"] as const).some((sign) =>
    [...folded.matchAll(signPhrases.get(sign) ?? /$^/g)].some(({ index }) => /\p{Ll}/u.test(text[index] ?? "")),
  );
}

/** Whether the words say that money was moved, not spent. */
export function isMoved(text: string): boolean {
  return MOVED.test(fold(text));
}

/** Whether a value may be the person's own card or account: then money only moved between theirs. */
export function isAccount(text: string): boolean {
  const folded = fold(text);
  const moves = (["transfer", "card_payment"] as const).some(
    (sign) => folded.search(signPhrases.get(sign) ?? /$^/) !== -1,
  );
  return moves || ACCOUNT.test(folded) || isMoved(text) || movedMoney(text) !== null;
}
