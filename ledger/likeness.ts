import { adjustedAmounts } from "./adjusted-amounts.ts";
import type { Candidate, LookAlike } from "./look-alikes.ts";
import { relatedMerchants, type MerchantName, type Relation } from "./related-merchants.ts";
import { compareTimes, isLate, statesAnything, statesMoment } from "./stated-times.ts";
import { isWallet, walletOf } from "./wallets.ts";

/** A candidate made ready for comparing. */
export type Mention = {
  readonly told: Candidate;
  readonly name: MerchantName;
  /** Whether its mail tells of several purchases, as banks' mails about what was posted do. */
  readonly isListed: boolean;
};

/** Why two mails may be about one purchase. Where likenesses exclude one another, the strongest counts. */
export type Likeness = Pick<LookAlike, "why" | "reason"> & { readonly strength: number };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Two alerts of one purchase leave the bank together; the next customer at a till takes longer. */
const TOGETHER_MS = 60 * SECOND_MS;
/** At a distance nobody queues: there, the second alert may have waited. */
const TOGETHER_AT_DISTANCE_MS = 15 * MINUTE_MS;
/** Longer than two alerts of one moment lie apart. */
const TOLD_AGAIN_MS = 2 * 60 * MINUTE_MS;
/** A shop charges when it ships, a wallet tells at once: two days, and half a day for dates of other zones. */
const ACROSS_SENDERS_MS = 2.5 * DAY_MS;
/** How close a wallet's and a card's mail come when nothing waits: then the name need not agree, for the two often differ. */
const PROMPT_MS = 10 * MINUTE_MS;

/**
 * Whether two candidates may be one purchase, and why; null when they may not. `first` is the one whose mail was sent
 * first. Never alike are two rows of one mail, and other currencies, kinds or cards; money that came back has another
 * amount than money that was spent, and no amounts of it are taken for adjusted.
 */
export function likeness(first: Mention, second: Mention): Likeness | null {
  const [a, b] = [first.told, second.told];
  if (a.mailId === b.mailId || a.currency !== b.currency || a.kind !== b.kind) return null;
  if (!mayBeOneCard(a.card, b.card)) return null;
  const relation = relatedMerchants(first.name, second.name);
  const isEqual = a.amountMinor === b.amountMinor;
  if (a.institution !== b.institution) return isEqual ? acrossSenders(first, second, relation) : null;
  if (isEqual) return relation === "unrelated" ? null : equalAmounts(first, second, relation);
  return relation === "related" ? adjustedAmounts(first, second, isPosted(first, second)) : null;
}

/** Whether two cards may be one: a mail may name none, and some name more of its digits than others. */
export function mayBeOneCard(a: string | null, b: string | null): boolean {
  return a === null || b === null || a.endsWith(b) || b.endsWith(a);
}

/** One sender, one amount: two alerts of one purchase, or an alert and the word that it was posted. */
function equalAmounts(first: Mention, second: Mention, relation: Relation): Likeness | null {
  const [a, b] = [first.told, second.told];
  const times = compareTimes(a, b);
  if (statesMoment(a) && statesMoment(b)) {
    const reason = "Both mails name the same minute, the same amount and the same merchant.";
    return times === "one" && relation === "related" ? { why: "same", strength: 9, reason } : null;
  }
  if (times === "different") return null;
  if (relation === "related" && a.kind === "purchase" && b.mailDate - a.mailDate <= togetherMs(first, second)) {
    const reason = "The two mails came right after one another, with the same amount and the same merchant.";
    return { why: "same", strength: 7, reason };
  }
  const isNameMissing = relation === "unnamed";
  // What is announced may lack the merchant; what is posted never does.
  if (!isPosted(first, second) || (isNameMissing && first.name.letters !== "")) return null;
  const reason = "The later mail names the same day and the same amount, as when a bank confirms what it announced.";
  return { why: "confirmed", strength: isNameMissing ? 5 : 8, reason };
}

/** How soon after the first alert a second one of the same purchase comes. */
function togetherMs(first: Mention, second: Mention): number {
  const isAtDistance = first.name.isAtDistance || second.name.isAtDistance;
  // Alerts of two sorts are not two purchases told in the same way.
  return isAtDistance || stateOtherwise(first.told, second.told) ? TOGETHER_AT_DISTANCE_MS : TOGETHER_MS;
}

/** Whether the second mail says that what the first announced was posted: it names the same time, and comes late. */
function isPosted(first: Mention, second: Mention): boolean {
  const [a, b] = [first.told, second.told];
  const times = compareTimes(a, b);
  const isOneTime = times === "one" || (times === "possible" && stateOtherwise(a, b));
  if (!isOneTime || first.isListed || isLate(a)) return false;
  // What happened in one minute is mailed at once; what lacked the merchant's name is told again with it.
  const isToldAgain = statesMoment(a) ? statesMoment(b) : isNamedOnlyLater(first, second);
  return second.isListed || isLate(b) || (isToldAgain && b.mailDate - a.mailDate > TOLD_AGAIN_MS);
}

function isNamedOnlyLater(first: Mention, second: Mention): boolean {
  return first.name.letters === "" && second.name.letters !== "";
}

/** Whether one states a time of day and the other a date. */
function stateOtherwise(a: Candidate, b: Candidate): boolean {
  return statesAnything(a) && statesAnything(b) && statesMoment(a) !== statesMoment(b);
}

/** Another sender, the same amount: a wallet and the card behind it, or a shop's own mail and the bank's. */
function acrossSenders(first: Mention, second: Mention, relation: Relation): Likeness | null {
  const [a, b] = [first.told, second.told];
  const laterMs = b.mailDate - a.mailDate;
  if (Math.min(laterMs, Math.abs(b.occurredAt - a.occurredAt)) > ACROSS_SENDERS_MS) return null;
  const isPrompt = laterMs <= PROMPT_MS;
  if (isPaidThrough(first, second) || isPaidThrough(second, first)) {
    const reason = "One mail is the wallet's, the other that of the card which paid for it.";
    if (relation === "unrelated") return isPrompt ? { why: "wallet", strength: 3, reason } : null;
    return { why: "wallet", strength: relation === "related" ? 6 : 4, reason };
  }
  // A wallet leaves its mark in the card's mail; without it, only the moment can speak for one purchase.
  const mayBeOne = relation === "related" && (isPrompt || !(isWallet(a.institution) || isWallet(b.institution)));
  const reason = "Two senders name the same amount, and what looks like the same merchant.";
  return mayBeOne ? { why: "wallet", strength: 5, reason } : null;
}

function isPaidThrough(wallet: Mention, card: Mention): boolean {
  const { through } = card.name;
  return through !== null && walletOf(through) === wallet.told.institution;
}
