import { written, type Trade } from "./merchants.ts";
import { HOUR, MINUTE, SECOND, type Deed, type Role, type World } from "./world.ts";

const REMOTE: readonly Trade[] = ["online", "subscription"];

/** The mails that a bank sends of itself about a purchase; `posted` is what it says once the amount is final. */
export function bankMails(world: World, deed: Deed, posted: { amountMinor: number; role: Role } | null = null): void {
  const { random, delay, tell, rundownOf } = world;
  const { bank, isMailedTwice } = deed.card;
  const mailAt = deed.at + delay();
  const merchant =
    bank.confirms === null || !isMailedTwice
      ? deed.text
      : written(deed.merchant, bank.confirms.first, deed.order, random);
  tell(deed, { role: "first", mailAt, merchant });
  if (bank.hasRemoteAlert && isMailedTwice && REMOTE.includes(deed.merchant.trade) && deed.kind === "purchase") {
    tell(deed, { role: "second alert", mailAt: mailAt + secondAlertAfter(world), ...otherWriting(world, deed) });
  }
  if (bank.confirms !== null && isMailedTwice && deed.kind !== "refund") {
    const [soonest, latest] = bank.confirms.mailedAfterDays;
    const night = dayIn(deed.at, bank.zone).add({ days: random.whole(soonest, latest) });
    const at = night.toZonedDateTime(bank.zone).toInstant().epochMilliseconds + 53 * MINUTE;
    tell(deed, { role: "confirmed", mailAt: at, mailId: rundownOf(bank, night.toString()), ...posted });
  } else if (posted !== null) {
    const isOwn = random.chance(0.3);
    const at = random.chance(0.3) ? deed.at + random.between(2, 8) * HOUR : nights(world, deed.at, random.whole(1, 5));
    tell(deed, { ...posted, mailAt: at + delay(), ...(isOwn && { saidAt: at }) });
  }
}

/** Two alerts leave the bank together; sometimes one of them waits. */
export function secondAlertAfter({ random }: World): number {
  const draw = random.next();
  if (draw < 0.75) return random.between(0, 30) * SECOND;
  return draw < 0.95 ? random.between(0.5, 4) * MINUTE : random.between(4, 15) * MINUTE;
}

function otherWriting({ random }: World, deed: Deed): { merchant?: string; card?: null } {
  const other = random.chance(0.25)
    ? { merchant: written(deed.merchant, random.pick(["upper", "cut", "glued"]), deed.order, random) }
    : {};
  return random.chance(0.03) ? { ...other, card: null } : other;
}

export function plain(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const merchant = merchantOf(random.pick(["coffee", "restaurant", "fuel", "shop", "shop", "online"]));
  bankMails(world, world.deed("plain", { merchant, amountMinor: money(random.whole(250, 14_000)), at: moment(7, 23) }));
}

/** Some nights later, when banks post. */
export function nights({ random, zone }: World, at: number, count: number): number {
  const night = dayIn(at, zone).add({ days: count }).toZonedDateTime(zone).toInstant().epochMilliseconds;
  return night + random.between(1, 7) * HOUR;
}

function dayIn(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).toPlainDate();
}

/** Pumps that hold an amount first, and the wallets here, are an American matter. */
export function isAmerican({ cards: [card] }: World): boolean {
  return card?.bank.currency === "USD";
}
