import { bankMails, plain } from "./bank-mails.ts";
import type { Trade } from "./merchants.ts";
import { throughWallet } from "./wallet-mails.ts";
import { DAY, DAYS, HOUR, MINUTE, SECOND, type Card, type World } from "./world.ts";

export function coffeesMinutesApart(world: World): void {
  const { random, moment } = world;
  const moments = [moment(7, 17)];
  const count = random.chance(0.8) ? 2 : 3;
  while (moments.length < count) moments.push((moments.at(-1) ?? 0) + random.whole(60, 900) * SECOND);
  equals(world, "coffees minutes apart", "coffee", coffeePrice(world), moments);
}

/** The same round again: what a coffee is not, dear. */
export function roundsAtABar(world: World): void {
  const { random, moment, money } = world;
  const moments = [moment(18, 22)];
  const count = random.whole(2, 3);
  while (moments.length < count) moments.push((moments.at(-1) ?? 0) + random.between(2, 30) * MINUTE);
  equals(world, "rounds at a bar", "restaurant", money(random.whole(16, 56) * 50), moments);
}

/** Nobody who has only the mails can tell these from two mails about one purchase, where the bank mails twice. */
export function coffeesInOneMinute(world: World): void {
  const minute = Math.floor(world.moment(7, 17) / MINUTE) * MINUTE;
  const moments = [minute + world.random.whole(0, 10) * SECOND, minute + world.random.whole(25, 59) * SECOND];
  equals(world, "coffees in one minute", "coffee", coffeePrice(world), moments);
}

export function coffeesOnOneDay(world: World): void {
  const morning = world.moment(7, 10);
  equals(world, "coffees on one day", "coffee", coffeePrice(world), [
    morning,
    morning + world.random.between(2, 8) * HOUR,
  ]);
}

export function coffeesAroundMidnight(world: World): void {
  const { random, moment } = world;
  const midnight = moment(24, 24);
  const moments = [midnight - random.between(1, 8) * MINUTE, midnight + random.between(0, 8) * MINUTE];
  equals(world, "coffees around midnight", "coffee", coffeePrice(world), moments);
}

export function dailyCoffee(world: World): void {
  const first = world.random.whole(0, DAYS - 6);
  const moments = Array.from({ length: 5 }, (_none, at) => world.moment(7, 9, first + at));
  equals(world, "daily coffee", "coffee", coffeePrice(world), moments);
}

export function transit(world: World): void {
  const { random, moment } = world;
  const first = random.whole(0, DAYS - 11);
  const moments: number[] = [];
  for (let day = first; day < first + 10; day += random.whole(1, 2)) {
    const out = moment(7, 9, day);
    moments.push(out, moment(16.5, 19, day));
    if (random.chance(0.4)) moments.push(out + random.between(6, 25) * MINUTE);
  }
  equals(world, "transit", "transit", world.money(random.pick([225, 250, 290, 300])), moments);
}

export function cash(world: World): void {
  const { random, moment, money } = world;
  const shared = { merchant: world.merchantOf("cash"), card: random.pick(world.cards) };
  const amountMinor = money(random.pick([2000, 4000, 10_000, 20_000, 40_000]));
  let at = moment(9, 21);
  for (
    let left = 2;
    left > 0;
    left -= 1, at += random.pick([random.whole(60, 240) * SECOND, random.between(1, 30) * HOUR])
  ) {
    bankMails(world, world.deed("cash", { ...shared, kind: "withdrawal", amountMinor, at }));
    if (random.chance(0.3))
      bankMails(world, world.deed("cash", { ...shared, kind: "fee", amountMinor: money(350), at: at + SECOND }));
  }
}

/** Two people of one account pay the same at the same place. */
export function twoCards(world: World): void {
  const { random, moment, cards } = world;
  const [mine, theirs] = cards;
  if (mine === undefined || theirs === undefined) return plain(world);
  const trade = random.pick(["transit", "coffee", "restaurant"] as const);
  const merchant = world.merchantOf(trade);
  const what = { merchant, amountMinor: coffeePrice(world), at: moment(8, 20) };
  bankMails(world, world.deed("two cards", { ...what, card: mine }));
  bankMails(world, world.deed("two cards", { ...what, card: theirs, at: what.at + random.whole(0, 180) * SECOND }));
}

export function roundAmounts(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const amountMinor = money(random.pick([1000, 2000, 2500, 5000, 10_000]));
  let at = moment(9, 20);
  for (const trade of ["shop", "restaurant", "online"] as const) {
    bankMails(world, world.deed("round amounts", { merchant: merchantOf(trade), amountMinor, at }));
    at += random.between(0, 30) * MINUTE;
  }
}

export function subscription(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const shared = {
    merchant: merchantOf("subscription"),
    card: random.pick(world.cards),
    amountMinor: money(random.pick([400, 999, 1365, 1549, 1799])),
  };
  const every = random.pick([7, 30]);
  const isByWallet = random.chance(0.3);
  for (let day = random.whole(0, every - 1); day < DAYS; day += every) {
    const deed = world.deed("subscription", { ...shared, at: moment(3, 9, day) });
    if (isByWallet) throughWallet(world, deed, "PAYPAL *");
    else bankMails(world, deed);
  }
}

export function boughtOnline(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const amountMinor = money(random.whole(499, 12_000));
  bankMails(world, world.deed("bought online", { merchant: merchantOf("online"), amountMinor, at: moment(7, 24) }));
}

export function splitShipments(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const shared = { merchant: merchantOf("online"), card: random.pick(world.cards) };
  let at = moment(7, 20);
  let amountMinor = 0;
  for (let left = random.whole(2, 4); left > 0; left -= 1, at += random.between(0.3, 30) * HOUR) {
    if (amountMinor === 0 || random.chance(0.75)) amountMinor = money(random.whole(799, 9000));
    bankMails(world, world.deed("split shipments", { ...shared, amountMinor, at }));
  }
}

export function refund(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const deed = world.deed("refund", {
    merchant: merchantOf(random.pick(["online", "shop"])),
    amountMinor: money(random.whole(900, 9000)),
    at: moment(8, 20),
  });
  bankMails(world, deed);
  const amountMinor = random.chance(0.7) ? deed.amountMinor : Math.round(deed.amountMinor * random.between(0.2, 0.9));
  const at = deed.at + random.pick([random.between(2, 30) * MINUTE, random.between(1, 20) * DAY]);
  bankMails(world, world.deed("refund", { ...deed, id: `${deed.id}R`, kind: "refund", amountMinor, at }));
}

export function equalRefunds(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const shared = {
    merchant: merchantOf("shop"),
    card: random.pick(world.cards),
    kind: "refund",
    amountMinor: money(random.whole(900, 9000)),
  };
  const at = moment(9, 20);
  bankMails(world, world.deed("equal refunds", { ...shared, at }));
  bankMails(world, world.deed("equal refunds", { ...shared, at: at + random.between(1, 10) * MINUTE }));
}

/** As many equal deeds as there are moments. */
function equals(
  world: World,
  about: string,
  trade: Trade,
  amountMinor: number,
  moments: readonly number[],
  card?: Card,
): void {
  const shared = { merchant: world.merchantOf(trade), amountMinor, card: card ?? world.random.pick(world.cards) };
  for (const at of moments) bankMails(world, world.deed(about, { ...shared, at }));
}

function coffeePrice({ random, money }: World): number {
  return money(random.pick([350, 395, 425, 450, 475, 525, 575, 625, 699]));
}
