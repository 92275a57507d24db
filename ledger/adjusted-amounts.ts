import type { Likeness, Mention } from "./likeness.ts";
import { minorDigits } from "./minor-digits.ts";
import { compareTimes } from "./stated-times.ts";
import { isWallet } from "./wallets.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** More than this nobody tips. */
const MOST_TIPPED = 1.4;
/** The shares of a bill that terminals offer and people reckon with, in percent. */
const USUAL_TIPS = [15, 18, 20, 22, 25, 30];
/** In units of the currency: below it there is no slip to write a tip on, and fares and coffees differ by such shares. */
const SMALLEST_BILL = 10;
/** In units: a fill-up costs more, a snack at the same till less. */
const SMALLEST_FILL_UP = 15;
/** In units: what pumps hold, and what of it hardly anybody else charges. */
const HELD = new Set([1, 50, 75, 100, 125, 150, 175, 200]);
const HELD_BY_PUMPS_ALONE = new Set([1, 75, 125, 175]);
/** In units: below it no estimate of a stay or a rental; below the other none that its amounts alone give away. */
const SMALLEST_ESTIMATE = { named: 50, nameless: 150 };
/** In units: deposits are made up of it. */
const DEPOSIT = 50;

const FUEL =
  words(`AMOCO ARCO BP CASEYS CENEX CHEVRON CIRCLE CITGO CONOCO CUMBERLAND ELEVEN ESSO EXXON EXXONMOBIL FUEL GAS
  GASOLINE GETGO GULF HOLIDAY KWIK LOVES MARATHON MAVERIK MOBIL MURPHY OIL PETRO PETROL PETROLEUM PHILLIPS PILOT QT QUIKTRIP
  RACEWAY RACETRAC ROYAL RUTTERS SHEETZ SHELL SINCLAIR SPEEDWAY STEWARTS SUNOCO TEXACO THORNTONS VALERO WAWA`);
const STAY =
  words(`AIRBNB ALAMO AVIS BAYMONT BNB BOOKING BUDGET CAMPGROUND CANDLEWOOD COMFORT COURTYARD CROWNE DOUBLETREE DRURY
  EMBASSY ENTERPRISE EUROPCAR FAIRFIELD FAIRMONT GUESTHOUSE HAMPTON HERTZ HILTON HOLIDAY HOMEWOOD HOSTEL HOTEL HOTELS HYATT
  IBIS INN KIMPTON LODGE LODGING LOEWS MARRIOTT MERCURE MOTEL NOVOTEL OMNI PENSKE QUINTA RADISSON RAMADA RENT RENTAL RENTALS
  RESORT RITZ SHERATON SIXT SOFITEL STAYBRIDGE STES SUITES THRIFTY TRAVELODGE TURO UHAUL VRBO WESTERN WESTIN WYNDHAM`);

/**
 * Whether two purchases of other amounts may be one, at one merchant, by one sender: a tip, a hold or an estimate that
 * the real amount replaced, a total brought up to date. `isPosted`: the second mail names the first one's time, and
 * comes late.
 *
 * Without such a mail only an amount that is itself a sign counts: people go to the same places again.
 */
export function adjustedAmounts(first: Mention, second: Mention, isPosted: boolean): Likeness | null {
  if (first.told.kind !== "purchase") return null;
  const change = changeOf(first, second, isPosted);
  if (isWallet(first.told.institution)) {
    const reason = "The later mail seems to bring the total of the earlier one up to date.";
    return isUpdate(change) ? { why: "updated", strength: 4, reason } : null;
  }
  const tipped = `The later amount is ${Math.round((change.ratio - 1) * 100)} % more, as with a tip added afterwards.`;
  if (isPosted && isMore(change)) return { why: "tip", strength: 6, reason: tipped };
  if (isFuelHold(change)) {
    const reason = "The first amount looks like what a pump holds until it knows the real one.";
    // Beside a snack from the same till, the fill-up is the larger amount.
    return { why: "hold", strength: (isPosted ? 5 : 4) + Math.min(0.5, change.total / (1000 * change.unit)), reason };
  }
  if (isStay(change)) {
    const reason = "The first amount looks like the estimate for a stay or a rental, the second one like its bill.";
    return { why: "hold", strength: 3, reason };
  }
  return isLaterTip(change) ? { why: "tip", strength: 3, reason: tipped } : null;
}

/** Two amounts at one merchant, in minor units. */
type Change = {
  readonly bill: number;
  readonly total: number;
  readonly ratio: number;
  /** The minor units of one unit of the currency: a hundred cents, one yen. */
  readonly unit: number;
  readonly laterMs: number;
  readonly words: readonly string[];
  readonly isOneTime: boolean;
  readonly isPosted: boolean;
};

function changeOf({ told: a, name }: Mention, { told: b }: Mention, isPosted: boolean): Change {
  return {
    bill: a.amountMinor,
    total: b.amountMinor,
    ratio: b.amountMinor / a.amountMinor,
    unit: 10 ** minorDigits(a.currency),
    laterMs: b.mailDate - a.mailDate,
    words: name.words,
    isOneTime: compareTimes(a, b) === "one",
    isPosted,
  };
}

function isMore({ ratio }: Change): boolean {
  return ratio > 1 && ratio <= MOST_TIPPED;
}

/** Wallets name a day at best. What was paid twice on a day was mostly whole amounts, by people to each other. */
function isUpdate(change: Change): boolean {
  const { laterMs, isOneTime } = change;
  if (!isMore(change) || laterMs < 2 * MINUTE_MS || laterMs > 2 * DAY_MS + HOUR_MS) return false;
  return isUsualTip(change) || (isOneTime && !areWhole(change));
}

function isLaterTip(change: Change): boolean {
  const { bill, unit, laterMs } = change;
  const isThen = laterMs >= 1.5 * HOUR_MS && laterMs <= 5.5 * DAY_MS;
  return isThen && bill >= SMALLEST_BILL * unit && isMore(change) && isUsualTip(change);
}

/** A usual share of the bill, a whole tip or a whole total. Of two whole amounts all of this is true, and tells nothing. */
function isUsualTip(change: Change): boolean {
  const { bill, total, unit } = change;
  const tip = total - bill;
  if (areWhole(change)) return false;
  if (USUAL_TIPS.some((share) => Math.abs(tip - (bill * share) / 100) <= 1)) return true;
  return tip >= bill * 0.08 && (total % unit === 0 || tip % unit === 0);
}

function areWhole({ bill, total, unit }: Change): boolean {
  return bill % unit === 0 && total % unit === 0;
}

/**
 * A pump asks for one unit, or for as much as anybody could fill up for, and tells the amount when it is done or posted.
 * Other merchants charge a hundred as well, but hardly a unit, or one and three quarters of a hundred.
 */
function isFuelHold(change: Change): boolean {
  const { bill, total, unit, laterMs, words, isPosted } = change;
  if (!HELD.has(bill / unit) || areWhole(change) || total < SMALLEST_FILL_UP * unit || laterMs > 4 * DAY_MS)
    return false;
  const isFuel = words.some((word) => FUEL.has(word));
  return isPosted || isFuel || laterMs < 30 * MINUTE_MS || HELD_BY_PUMPS_ALONE.has(bill / unit);
}

/**
 * An estimate and its bill: at a hotel or a rental, anywhere when the second mail names the first one's time, and anywhere
 * when they differ by a round deposit and are no shelf prices, which end in nines.
 */
function isStay(change: Change): boolean {
  const { bill: estimate, total, ratio, unit, laterMs, words, isPosted } = change;
  // The bar's bill is less; the hold of another stay comes as soon as that stay.
  if (estimate < SMALLEST_ESTIMATE.named * unit || ratio <= 0.35 || ratio >= 1.35) return false;
  if (isPosted) return true;
  const isShelfPrice = areWhole(change) || (estimate + unit / 20) % unit < unit / 20;
  const isDeposit = total < estimate && (estimate - total) % (DEPOSIT * unit) === 0;
  const isGivenAway = isDeposit && !isShelfPrice && estimate >= SMALLEST_ESTIMATE.nameless * unit;
  return laterMs > 8 * HOUR_MS && (isGivenAway || words.some((word) => STAY.has(word)));
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
