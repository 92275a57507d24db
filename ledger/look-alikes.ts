import { likeness, type Likeness, type Mention } from "./likeness.ts";
import { merchantName } from "./related-merchants.ts";

/** What is compared: one booked purchase as its mail said it. */
export type Candidate = {
  readonly id: string;
  readonly mailId: string;
  readonly institution: string;
  /** An `EventKind` that counts as spending. */
  readonly kind: string;
  readonly merchant: string;
  /** Signed: money that came back is negative. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  /** Milliseconds since 1970: when the mail says it was sent. Equal to `occurredAt` when the mail says nothing else. */
  readonly mailDate: number;
};

/** Two purchases that may be one. */
export type LookAlike = {
  /** The one whose mail was sent first. */
  readonly a: string;
  readonly b: string;
  readonly why: "same" | "confirmed" | "tip" | "hold" | "wallet" | "updated";
  /** One sentence for the person. */
  readonly reason: string;
};

/** How far around a purchase others matter, in milliseconds of `occurredAt`: the longest, a stay, from estimate to bill. */
export const NEAR_MS = 14 * 86_400_000;

/**
 * How many purchases before it one is compared with, of those that share its amount or its merchant: the mails about one
 * purchase are never that many apart, and a thousand equal fares would else be half a million comparisons.
 */
const NEIGHBOURS = 40;
/** A wallet's, a shop's, three alerts', a hold's, a confirmation's: no purchase is told of in more mails. */
const MOST_MAILS = 8;

type Pair = Likeness & { readonly first: Mention; readonly second: Mention };

/**
 * Pairs of purchases of one account that may be one. `fresh`: those that were not compared yet; `all`: everything within
 * `NEAR_MS` of them, the fresh ones included. It proposes, nothing else: whether two are one, only the person knows.
 *
 * Every pair has a fresh purchase in it. Pairs never close a circle, so mails about one purchase are a chain of as few
 * proposals as join them, and look-alikes that exclude one another are not proposed together. The order of what goes in
 * changes nothing.
 */
export function lookAlikes(fresh: readonly Candidate[], all: readonly Candidate[]): LookAlike[] {
  const freshIds = new Set(fresh.map(({ id }) => id));
  return bestOf(pairsAmong(mentionsOf(all)))
    .filter(({ first, second }) => freshIds.has(first.told.id) || freshIds.has(second.told.id))
    .map(({ first, second, why, reason }) => ({ a: first.told.id, b: second.told.id, why, reason }));
}

/** In the order of when they were. */
function mentionsOf(all: readonly Candidate[]): Mention[] {
  const rows = new Map<string, number>();
  for (const { mailId } of all) rows.set(mailId, (rows.get(mailId) ?? 0) + 1);
  return all
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.mailDate - b.mailDate || (a.id < b.id ? -1 : 1))
    .map((told) => ({ told, name: merchantName(told.merchant), isListed: (rows.get(told.mailId) ?? 0) > 1 }));
}

/** Every likeness among neighbours: those with the same amount, and those of one sender whose merchants begin alike. */
function pairsAmong(mentions: readonly Mention[]): Pair[] {
  const pairs: Pair[] = [];
  const byAmount = new Map<string, Mention[]>();
  const byMerchant = new Map<string, Mention[]>();
  const compareWith = (neighbours: readonly Mention[], mention: Mention): void => {
    for (const before of neighbours) {
      if (mention.told.occurredAt - before.told.occurredAt > NEAR_MS) continue;
      const [first, second] = before.told.mailDate <= mention.told.mailDate ? [before, mention] : [mention, before];
      const found = likeness(first, second);
      if (found !== null) pairs.push({ ...found, first, second });
    }
  };
  for (const mention of mentions) {
    const { amountMinor, institution } = mention.told;
    compareWith(lastOf(byAmount, String(amountMinor), mention), mention);
    const sameStart = lastOf(byMerchant, `${institution} ${mention.name.words[0]?.slice(0, 4)}`, mention);
    compareWith(
      sameStart.filter(({ told }) => told.amountMinor !== amountMinor),
      mention,
    );
  }
  return pairs;
}

/** The last few under the key; then the new one is put with them. */
function lastOf(groups: Map<string, Mention[]>, key: string, mention: Mention): Mention[] {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [mention]);
  const last = group?.slice(-NEIGHBOURS) ?? [];
  group?.push(mention);
  return last;
}

/**
 * The strongest pairs that go together: a pair is left out when it would bring two mails of one sender into one purchase
 * that are not themselves alike. No mail is alike itself, so none is left that would close a circle.
 */
function bestOf(pairs: readonly Pair[]): Pair[] {
  const alike = new Map<Mention, Set<Mention>>();
  for (const { first, second } of pairs) {
    setAt(alike, first).add(second);
    setAt(alike, second).add(first);
  }
  const goTogether = (one: Mention, other: Mention): boolean =>
    one.told.institution !== other.told.institution || setAt(alike, one).has(other);
  const together = new Map<Mention, readonly Mention[]>();
  return pairs.toSorted(byStrength).filter(({ first, second }) => {
    const [ones, others] = [together.get(first) ?? [first], together.get(second) ?? [second]];
    if (ones.length + others.length > MOST_MAILS) return false;
    if (!ones.every((one) => others.every((other) => goTogether(one, other)))) return false;
    const joined = [...ones, ...others];
    for (const mention of joined) together.set(mention, joined);
    return true;
  });
}

function setAt(sets: Map<Mention, Set<Mention>>, key: Mention): Set<Mention> {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found);
  return found;
}

/** Of equally strong ones first those whose mails are closest. Of equally close ones the order stays, which is that of time. */
function byStrength(a: Pair, b: Pair): number {
  return b.strength - a.strength || gapOf(a) - gapOf(b);
}

function gapOf({ first, second }: Pair): number {
  return second.told.mailDate - first.told.mailDate;
}
