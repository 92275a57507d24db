import { createHash } from "node:crypto";

/** One thing that an institution would mail about. */
export type DemoEvent = {
  readonly kind: "card" | "debit" | "transfer" | "summary" | "unknown";
  readonly merchant: string;
  readonly amountMinor: number;
  readonly at: Temporal.PlainDateTime;
};

/** Something that an invented household buys: how it is paid, on which days of the week and how likely, when, for how much. */
type Habit = {
  readonly kind: "card" | "debit";
  readonly merchants: readonly string[];
  /** 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly likelihood: number;
  readonly hour: number;
  readonly fromMinor: number;
  readonly toMinor: number;
};

const WORKDAYS = [1, 2, 3, 4, 5];
const ALL_DAYS = [...WORKDAYS, 6, 7];
const QUIET_DAYS = 0.04;

// In the order of the day, which is the order of its mails.
const HABITS: readonly Habit[] = [
  {
    kind: "debit",
    merchants: ["HARBOR COFFEE 114"],
    weekdays: WORKDAYS,
    likelihood: 0.5,
    hour: 8,
    fromMinor: 395,
    toMinor: 740,
  },
  {
    kind: "card",
    merchants: ["SATURDAY MARKET HALL"],
    weekdays: [6],
    likelihood: 0.9,
    hour: 10,
    fromMinor: 4800,
    toMinor: 11_900,
  },
  {
    kind: "card",
    merchants: ["OAKHILL HARDWARE"],
    weekdays: [6],
    likelihood: 0.2,
    hour: 11,
    fromMinor: 1290,
    toMinor: 8600,
  },
  {
    kind: "card",
    merchants: ["SOUP AND BREAD 7", "NOODLE CORNER", "TACO WINDOW"],
    weekdays: WORKDAYS,
    likelihood: 0.2,
    hour: 12,
    fromMinor: 980,
    toMinor: 1890,
  },
  {
    kind: "card",
    merchants: ["RIVERSIDE FUEL 22"],
    weekdays: [7],
    likelihood: 0.45,
    hour: 14,
    fromMinor: 3600,
    toMinor: 5400,
  },
  {
    kind: "card",
    merchants: ["BLUE DOOR BOOKS", "TOWN GARDEN CENTER", "NORTHSIDE PHARMACY"],
    weekdays: ALL_DAYS,
    likelihood: 0.08,
    hour: 15,
    fromMinor: 690,
    toMinor: 4900,
  },
  {
    kind: "debit",
    merchants: ["CITY BIKE SHARE"],
    weekdays: [1, 2, 7],
    likelihood: 0.6,
    hour: 17,
    fromMinor: 250,
    toMinor: 640,
  },
  {
    kind: "card",
    merchants: ["GREENLEAF GROCERY 31"],
    weekdays: [3],
    likelihood: 0.95,
    hour: 18,
    fromMinor: 2900,
    toMinor: 7600,
  },
  {
    kind: "card",
    merchants: ["PINE STREET CINEMA"],
    weekdays: [5],
    likelihood: 0.25,
    hour: 18,
    fromMinor: 1450,
    toMinor: 3900,
  },
  {
    kind: "card",
    merchants: ["CURRY LANE", "THE OLD BRICK OVEN", "LITTLE HARBOR GRILL"],
    weekdays: [5, 6],
    likelihood: 0.45,
    hour: 19,
    fromMinor: 2850,
    toMinor: 7900,
  },
  {
    kind: "debit",
    merchants: ["DINNER BY BIKE"],
    weekdays: [4, 7],
    likelihood: 0.25,
    hour: 20,
    fromMinor: 2190,
    toMinor: 3990,
  },
];

/** What comes on the same day of every month. */
const MONTHLY: ReadonlyMap<number, Omit<DemoEvent, "at">> = new Map([
  [1, { kind: "debit", merchant: "MAPLE FITNESS CLUB", amountMinor: 3900 }],
  [2, { kind: "summary", merchant: "", amountMinor: 4980 }],
  [3, { kind: "card", merchant: "HOMESTEAD INTERNET", amountMinor: 5999 }],
  [5, { kind: "debit", merchant: "MOVIEBOX STREAMING", amountMinor: 1499 }],
  [9, { kind: "card", merchant: "CITY TRANSIT PASS", amountMinor: 8600 }],
  [12, { kind: "card", merchant: "VALLEY MOBILE", amountMinor: 3500 }],
  [15, { kind: "transfer", merchant: "SAMPLE SAVINGS BANK", amountMinor: 25_000 }],
  [20, { kind: "unknown", merchant: "LAKESIDE FERRY", amountMinor: 1860 }],
  [22, { kind: "card", merchant: "TOWN WATER WORKS", amountMinor: 4735 }],
]);

/** What the invented household did on that day, in the order of the day; the same whenever it is asked. */
export function demoDay(day: Temporal.PlainDate): DemoEvent[] {
  const monthly = MONTHLY.get(day.day);
  const first = monthly === undefined ? [] : [{ ...monthly, at: day.toPlainDateTime({ hour: 6, minute: 30 }) }];
  if (chance(day, "quiet") < QUIET_DAYS) return first;
  return [...first, ...HABITS.flatMap((habit) => (isOn(habit, day) ? [eventOf(habit, day)] : []))];
}

function isOn({ weekdays, merchants, likelihood }: Habit, day: Temporal.PlainDate): boolean {
  return weekdays.includes(day.dayOfWeek) && chance(day, merchants[0] ?? "") < likelihood;
}

function eventOf({ kind, merchants, hour, fromMinor, toMinor }: Habit, day: Temporal.PlainDate): DemoEvent {
  const name = merchants[0] ?? "";
  const merchant = merchants[Math.floor(chance(day, `${name} who`) * merchants.length)] ?? name;
  const amountMinor = fromMinor + Math.floor(chance(day, `${name} how much`) * (toMinor - fromMinor));
  return {
    kind,
    merchant,
    amountMinor,
    at: day.toPlainDateTime({ hour, minute: Math.floor(chance(day, `${name} when`) * 60) }),
  };
}

/** A number from 0 up to 1 that is the same for the same day and question. */
function chance(day: Temporal.PlainDate, question: string): number {
  return createHash("sha256").update(`${day.toString()} ${question}`).digest().readUInt32BE() / 2 ** 32;
}
