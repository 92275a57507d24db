/** An event as a mail was booked before: `position` is its place in the identity of a purchase (mail, position). */
export type Booked = {
  readonly position: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly merchant: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /** The day when the mail gives no time of day. */
  readonly occurredOn: string | null;
  readonly kind: string;
};

/** An event as the mail is read now. */
export type NewEvent = Omit<Booked, "position">;

type Part = (event: NewEvent) => unknown;

const AMOUNT: Part = ({ amountMinor, currency }) => [amountMinor, currency];
const MERCHANT: Part = ({ merchant }) => merchant;
const TIME: Part = ({ occurredAt, occurredOn }) => [occurredAt, occurredOn];
const ALL: readonly Part[] = [AMOUNT, MERCHANT, TIME, ({ kind }) => kind];

/** What two events have in common that are the same one, the closest first. */
const CLOSENESS: readonly (readonly Part[])[] = [
  ALL,
  [AMOUNT, MERCHANT, TIME],
  [AMOUNT, TIME],
  [AMOUNT, MERCHANT],
  [MERCHANT, TIME],
];

/**
 * The position that each new event gets, in the order of `events`; and the booked positions that no new event stands
 * for any more, ascending. For a mail that a better parser reads again: a purchase keeps its position, and with it all
 * that a person changed, even when other rows were recognised in front of it.
 *
 * An event keeps the position of the one that it has most in common with (`CLOSENESS`), of several the first. With the
 * amount alone in common, it has to stand between the same neighbours; with nothing, as many must stand there as before.
 * The others get new positions, above all of `booked`, which therefore must hold every position that the mail ever had.
 */
export function reconcileEvents(
  booked: readonly Booked[],
  events: readonly NewEvent[],
): { readonly positions: readonly number[]; readonly gone: readonly number[] } {
  const known = booked.toSorted((a, b) => a.position - b.position);
  let matches: readonly Match[] = events.map((event) => ({ event, position: null }));
  for (const parts of CLOSENESS) matches = match(known, matches, () => "", parts);
  matches = match(known, matches, ({ place }) => place, [AMOUNT]);
  matches = match(known, matches, ({ place, neighbours }) => `${place} ${neighbours}`, []);
  const positions = inOrder(withNewPositions(known, matches));
  const kept = new Set(positions);
  return { positions, gone: known.map(({ position }) => position).filter((position) => !kept.has(position)) };
}

/** A new event and the booked position that it keeps; null while it has none. */
type Match = { readonly event: NewEvent; readonly position: number | null };

/** Where an unmatched event stands: the positions of the matched ones around it, and how many unmatched stand there. */
type Gap = { readonly place: string; readonly neighbours: number };

/** Gives each unmatched event, in order, the first unmatched position with the same gap, as far as `keyOf` looks, and parts. */
function match(
  known: readonly Booked[],
  matches: readonly Match[],
  keyOf: (gap: Gap) => string,
  parts: readonly Part[],
): Match[] {
  const taken = new Set(matches.map(({ position }) => position));
  const knownGaps = gaps(known.map(({ position }) => (taken.has(position) ? position : null)));
  const key = (event: NewEvent, gap: Gap | undefined): string =>
    JSON.stringify([gap && keyOf(gap), ...parts.map((part) => part(event))]);
  const free = known
    .map((event, index) => ({ position: event.position, key: key(event, knownGaps[index]) }))
    .filter(({ position }) => !taken.has(position));
  const waiting = Map.groupBy(free.toReversed(), (one) => one.key);
  const eventGaps = gaps(matches.map(({ position }) => position));
  return matches.map(({ event, position }, index) => ({
    event,
    position: position ?? waiting.get(key(event, eventGaps[index]))?.pop()?.position ?? null,
  }));
}

/** The gap of each of a row of positions, null for the unmatched. */
function gaps(positions: readonly (number | null)[]): Gap[] {
  const before = lastBefore(positions);
  const after = lastBefore(positions.toReversed()).toReversed();
  const places = positions.map((_, index) => `${before[index]} ${after[index]}`);
  const unmatched = Map.groupBy(
    places.filter((_, index) => positions[index] === null),
    (place) => place,
  );
  return places.map((place) => ({ place, neighbours: unmatched.get(place)?.length ?? 0 }));
}

function lastBefore(positions: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return positions.map((position) => {
    const before = last;
    last = position ?? last;
    return before;
  });
}

function withNewPositions(
  known: readonly Booked[],
  matches: readonly Match[],
): { readonly event: NewEvent; readonly position: number }[] {
  let next = (known.at(-1)?.position ?? -1) + 1;
  return matches.map(({ event, position }) => ({ event, position: position ?? next++ }));
}

/** Events that say the very same have their positions in their order: else they would change places each time. */
function inOrder(placed: readonly { readonly event: NewEvent; readonly position: number }[]): number[] {
  const all = ({ event }: { readonly event: NewEvent }): string => JSON.stringify(ALL.map((part) => part(event)));
  const equals = Map.groupBy(
    placed.toSorted((a, b) => b.position - a.position),
    all,
  );
  return placed.map((one) => equals.get(all(one))?.pop()?.position ?? one.position);
}
