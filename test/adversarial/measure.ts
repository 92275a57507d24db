import type { Candidate, LookAlike } from "../../ledger/look-alikes.ts";
import type { Told } from "./world.ts";

type Compare = (fresh: readonly Candidate[], all: readonly Candidate[]) => readonly LookAlike[];

/** What was proposed on some ledgers beside what is true of them. */
export type Figures = {
  proposed: number;
  right: number;
  /** Of `right`: joined a confirmation to the other one of two equal purchases of a day, which no mail tells apart. */
  swapped: number;
  /** Joins that would make one purchase of all mails about each. */
  toFind: number;
  found: number;
  /** Of `toFind`, by what the further mail is. */
  readonly byRole: Map<string, { toFind: number; found: number }>;
  /** Wrong proposals by the rule and the two situations. */
  readonly wrong: Map<string, number>;
  /** Mails by their situation, and how often one of them was in a wrong proposal. */
  readonly byAbout: Map<string, { mails: number; wrong: number }>;
};

export function noFigures(): Figures {
  return {
    proposed: 0,
    right: 0,
    swapped: 0,
    toFind: 0,
    found: 0,
    byRole: new Map(),
    wrong: new Map(),
    byAbout: new Map(),
  };
}

/** Compares a whole ledger at once. */
export function atOnce(ledger: readonly Told[], compare: Compare): readonly LookAlike[] {
  const all = ledger.map(({ candidate }) => candidate);
  return compare(all, all);
}

/** Compares each mail as it comes with what came before it and is near, as the program does. */
export function asTheyCome(ledger: readonly Told[], compare: Compare, nearMs: number): readonly LookAlike[] {
  const proposals: LookAlike[] = [];
  const before: Candidate[] = [];
  for (const mail of Map.groupBy(ledger, ({ candidate }) => candidate.mailId).values()) {
    const fresh = mail.map(({ candidate }) => candidate);
    before.push(...fresh);
    const isNear = ({ occurredAt }: Candidate): boolean =>
      fresh.some((one) => Math.abs(occurredAt - one.occurredAt) <= nearMs);
    proposals.push(...compare(fresh, before.filter(isNear)));
  }
  return proposals;
}

/** Adds what a ledger's proposals were worth to the figures. */
export function judge(ledger: readonly Told[], proposals: readonly LookAlike[], figures: Figures): void {
  const told = new Map(ledger.map((one) => [one.candidate.id, { ...one }]));
  const joined = new Set<string>();
  const heads = new Map(ledger.map(({ candidate: { id } }) => [id, id]));
  const headOf = (id: string): string => {
    const head = heads.get(id) ?? id;
    return head === id ? id : headOf(head);
  };
  for (const { a, b, why } of proposals) {
    const [one, other] = [told.get(a), told.get(b)];
    if (one === undefined || other === undefined) throw new Error("A proposal names no purchase of this ledger.");
    figures.proposed += 1;
    if (swap(one, other, [...told.values()], joined)) figures.swapped += 1;
    joined.add(a).add(b);
    if (one.deed === other.deed) {
      figures.right += 1;
      heads.set(headOf(a), headOf(b));
    } else {
      count(figures.wrong, `${why}: ${[one.about, other.about].toSorted().join(" × ")}`);
      for (const { about } of [one, other]) addTo(figures.byAbout, about, { mails: 0, wrong: 1 });
    }
  }
  for (const { about } of ledger) addTo(figures.byAbout, about, { mails: 1, wrong: 0 });
  for (const mails of Map.groupBy(told.values(), ({ deed }) => deed).values()) {
    const reached = new Set<string>();
    for (const { candidate, role } of mails.toSorted(
      (a, b) => Number(b.role === "first") - Number(a.role === "first"),
    )) {
      const head = headOf(candidate.id);
      if (reached.size > 0) {
        const isFound = reached.has(head);
        const sum = figures.byRole.get(role) ?? { toFind: 0, found: 0 };
        figures.byRole.set(role, { toFind: sum.toFind + 1, found: sum.found + Number(isFound) });
        figures.toFind += 1;
        figures.found += Number(isFound);
      }
      reached.add(head);
    }
  }
}

/**
 * Two equal purchases of one day, alerted each and confirmed each: which confirmation is whose makes no difference to
 * anybody. As long as each has but one, the truth is told anew so that it fits.
 */
function swap(one: Told, other: Told, all: readonly Told[], joined: ReadonlySet<string>): boolean {
  const [alert, confirmed] = one.role === "confirmed" ? [other, one] : [one, other];
  if (alert.deed === confirmed.deed || confirmed.role !== "confirmed" || alert.role === "confirmed") return false;
  if (tellingOf(alert) !== tellingOf(confirmed) || joined.has(confirmed.candidate.id)) return false;
  const own = all.find(({ deed, role }) => deed === alert.deed && role === "confirmed");
  if (own !== undefined && joined.has(own.candidate.id)) return false;
  const deed = confirmed.deed;
  Object.assign(confirmed, { deed: alert.deed });
  if (own !== undefined) Object.assign(own, { deed });
  return true;
}

function tellingOf({ about, candidate: { amountMinor, card, occurredOn } }: Told): string {
  return [about, amountMinor, card, occurredOn].join(" ");
}

function addTo(sums: Figures["byAbout"], about: string, more: { mails: number; wrong: number }): void {
  const { mails, wrong } = sums.get(about) ?? { mails: 0, wrong: 0 };
  sums.set(about, { mails: mails + more.mails, wrong: wrong + more.wrong });
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
