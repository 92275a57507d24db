import type { Candidate } from "../../ledger/look-alikes.ts";
import { COUNTRIES, type Bank } from "./banks.ts";
import { VOCABULARIES, written, type Merchant, type Trade, type Writing } from "./merchants.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const DAYS = 60;

export type Card = {
  readonly bank: Bank;
  readonly digits: string;
  readonly writing: Writing;
  /** Whether its holder switched the second alert on, or the mails about what was posted. */
  readonly isMailedTwice: boolean;
};

/** One thing that really happened. */
export type Deed = {
  readonly id: string;
  /** What makes it hard, in the words of the report. */
  readonly about: string;
  readonly merchant: Merchant;
  readonly kind: string;
  readonly amountMinor: number;
  readonly card: Card;
  readonly at: number;
  /** The code of its order. */
  readonly order: string;
  /** The merchant's name as this bank has it. */
  readonly text: string;
};

/** Why a deed has one more mail; "first" has nothing to be paired with. */
export type Role =
  | "first"
  | "second alert"
  | "confirmed"
  | "tip"
  | "fuel"
  | "stay"
  | "wallet"
  | "receipt"
  | "updated"
  | "forwarded";

/** One candidate with what is true of it. */
export type Told = {
  readonly candidate: Candidate;
  readonly deed: string;
  readonly about: string;
  readonly role: Role;
};

/** What one mail says that differs from what its deed and its bank would have it say. */
export type Saying = {
  readonly role: Role;
  readonly mailAt: number;
  readonly institution?: string;
  readonly merchant?: string;
  readonly amountMinor?: number;
  readonly card?: string | null;
  readonly states?: Bank["states"];
  readonly saidAt?: number;
  readonly zone?: string;
  readonly mailId?: string;
};

/** One account's sixty days, filled by the cases. */
export type World = {
  readonly random: SeededRandom;
  readonly zone: string;
  readonly cards: readonly Card[];
  readonly told: Told[];
  /** A moment on a day of the sixty between two hours of the account's own clock. */
  readonly moment: (fromHour: number, toHour: number, day?: number) => number;
  readonly merchantOf: (trade: Trade) => Merchant;
  /** Minor units of the account's currency from cents of a dollar. */
  readonly money: (cents: number) => number;
  readonly deed: (about: string, what: Pick<Deed, "merchant" | "amountMinor" | "at"> & Partial<Deed>) => Deed;
  readonly tell: (deed: Deed, saying: Saying) => void;
  /** How long a bank takes to mail. */
  readonly delay: () => number;
  /** The one mail in which a bank confirms several purchases of a day. */
  readonly rundownOf: (bank: Bank, night: string) => string;
};

/** Mails that never arrive. */
const LOST = 0.02;

/** An account with its cards and nothing bought yet. */
export function emptyWorld(seed: number, vocabulary: keyof typeof VOCABULARIES): World {
  const random = seededRandom(seed);
  const country = random.pick(COUNTRIES.flatMap((one) => Array.from({ length: one.weight }, () => one)));
  const [firstBank = random.pick(country.banks), ...otherBanks] = shuffled(country.banks, random).slice(
    0,
    random.whole(1, 3),
  );
  const banks = [firstBank, ...otherBanks];
  const cards = Array.from({ length: Math.max(banks.length, random.whole(1, 4)) }, (_none, at) => {
    const bank = banks[at] ?? random.pick(banks);
    const isMailedTwice = random.chance(0.65);
    return { bank, digits: String(random.whole(1000, 9999)), writing: random.pick(bank.writings), isMailedTwice };
  });
  const zone = random.pick(country.zones);
  const start = Temporal.PlainDate.from("2026-01-05").add({ days: random.whole(0, 300) });
  const told: Told[] = [];
  const rundowns = new Map<string, string>();
  const code = (): string => random.next().toString(36).slice(2, 10).toUpperCase();

  return {
    random,
    zone,
    cards,
    told,
    moment: (fromHour, toHour, day = random.whole(0, DAYS - 1)) =>
      start.add({ days: day }).toZonedDateTime(zone).toInstant().epochMilliseconds +
      Math.floor(random.between(fromHour, toHour) * 3600) * SECOND,
    merchantOf: (trade) => random.pick(VOCABULARIES[vocabulary].filter((merchant) => merchant.trade === trade)),
    money: (cents) => (firstBank.currency === "JPY" ? Math.round(cents * 1.5) : cents),
    delay: () => {
      const draw = random.next();
      if (draw < 0.93) return random.between(3, 60) * SECOND;
      return draw < 0.985 ? random.between(1, 20) * MINUTE : random.between(1, 6) * HOUR;
    },
    deed: (about, what) => {
      const card = what.card ?? random.pick(cards);
      const order = what.order ?? code();
      const text = written(what.merchant, card.writing, order, random);
      return { id: code(), about, kind: "purchase", card, order, text, ...what };
    },
    rundownOf: (bank, night) => {
      const key = `${bank.id} ${night}`;
      const mailId = rundowns.get(key) ?? code();
      rundowns.set(key, mailId);
      return mailId;
    },
    tell: (deed, saying) => {
      if (random.chance(LOST)) return;
      const { bank, digits } = deed.card;
      const mailDate = Math.floor(saying.mailAt / SECOND) * SECOND;
      const when = statedAs(saying.states ?? bank.states, saying.saidAt ?? deed.at, saying.zone ?? bank.zone, mailDate);
      const candidate = {
        id: code(),
        mailId: saying.mailId ?? code(),
        institution: saying.institution ?? bank.id,
        kind: deed.kind,
        merchant: (saying.merchant ?? deed.text).replace(/\s+/g, " ").trim(),
        amountMinor: (saying.amountMinor ?? deed.amountMinor) * (deed.kind === "refund" ? -1 : 1),
        currency: bank.currency,
        card: saying.card === undefined ? digits : saying.card,
        ...when,
        mailDate,
      };
      told.push({ candidate, deed: deed.id, about: deed.about, role: saying.role });
    },
  };
}

function statedAs(
  states: Bank["states"],
  at: number,
  zone: string,
  mailDate: number,
): Pick<Candidate, "occurredAt" | "occurredOn"> {
  if (states === "nothing") return { occurredAt: mailDate, occurredOn: null };
  if (states !== "day") {
    const unit = states === "minute" ? MINUTE : SECOND;
    return { occurredAt: Math.floor(at / unit) * unit, occurredOn: null };
  }
  const day = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).toPlainDate().toString();
  return { occurredAt: Date.parse(`${day}T12:00:00Z`), occurredOn: day };
}

function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  return list
    .map((one) => ({ one, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ one }) => one);
}
