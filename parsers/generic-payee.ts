import { fold } from "./generic-phrases.ts";
import { signPhrases } from "./generic-words.ts";
import { movedMoney } from "./moved-money.ts";

/** What institutions write for money that goes to the person's own card or account, and codes that may mean anything. */
const MOVED =
  /\b(?:epay|autopay|auto pay|payment|pymt|pmt|crd|transfer|xfer|ach|zelle|pago|pagamento|virement|transferencia|thank you)\b|\/.*\/|\/\d{4}/;
/** An account instead of a merchant. */
const ACCOUNT =
  /(?:\b(?:account|a\/c|acct|ending|cuenta|conta|compte|konto|savings|checking|tarjeta|credit card|debit card|cartao|carte)\b)|(?:card|tarjeta|cartao|karte|carte)$|[*•x]{2}\d|\.\.\d/;

/** Names of shops hold these in any case; what a bank put beside a name holds them too. */
const GIVEN_BACK =
  /\b(?:return\w*|void|decl|rvsl|nsf|cr|cancel\w*|undone|credit|credited|credito|avoir|gutschrift|bounced|gave back|given back|money back)\b/;
/** Small words that names have between others. */
const JOINING =
  /^(?:and|of|the|in|at|on|by|to|for|de|del|della|di|da|do|das|dos|du|des|la|le|les|el|los|las|et|en|aux?|chez|sur|und|von|van|der|die|das|am|zum|zur|im|y|e|a|o)$/;
/** `ACME STORE on Mar. 14, 2026`: a day that was not read as one ran into the name. */
const SWALLOWED: readonly RegExp[] = [
  / (?:on|el|le|am|em|a|den|dia|du|vom|dated|fecha|date) \D{0,20}\d/u,
  /(?: (?:on|el|le|am|em|den|dia|du|vom)|,) (?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom|seg|ter|qua|qui|sex|jeu|ven|sam|dim|mer|die|mit|don|fre|son|yesterday|today|ayer|hoy|ontem|hoje|hier|gestern|heute)\p{L}{0,12}\.?$/u,
];

/** Whether the name may hold words of the mail: what became of the purchase, or when it was. No name is sure then. */
export function isDoubtfulName(text: string): boolean {
  const folded = fold(text);
  const isUndone = (["declined", "refund"] as const).some(
    (sign) => folded.search(signPhrases.get(sign) ?? /$^/) !== -1,
  );
  return isUndone || GIVEN_BACK.test(folded) || SWALLOWED.some((words) => words.test(folded)) || isSaying(text);
}

/** `CORNER BOOKS was`, `Corner Books but we gave it back`: words of the sentence ran into the name. */
function isSaying(text: string): boolean {
  const [, ...others] = text.split(" ");
  return others.some((word) => /^\(?\p{Ll}+[.,;!)]?$/u.test(word) && !JOINING.test(fold(word)));
}

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
