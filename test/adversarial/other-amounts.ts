import { bankMails, isAmerican, nights, plain } from "./bank-mails.ts";
import { fromPayPal } from "./wallet-mails.ts";
import { DAYS, HOUR, MINUTE, type Deed, type World } from "./world.ts";

export function tip(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const amountMinor = money(random.whole(1200, 12_000));
  const deed = world.deed("tip", { merchant: merchantOf("restaurant"), amountMinor, at: moment(11.5, 22.5) });
  bankMails(world, deed, { amountMinor: withTip(world, amountMinor), role: "tip" });
}

export function regular(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const first = random.whole(0, DAYS - 11);
  const shared = { merchant: merchantOf("restaurant"), card: random.pick(world.cards) };
  const usual = random.whole(1100, 1900);
  for (let day = first; day < first + 10; day += random.whole(1, 4)) {
    const amountMinor = money(Math.round(usual * random.between(0.8, 1.35)));
    bankMails(world, world.deed("regular", { ...shared, amountMinor, at: moment(11.5, 13.5, day) }));
  }
}

export function tabs(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const shared = { merchant: merchantOf("restaurant"), card: random.pick(world.cards) };
  let at = moment(18, 21);
  for (let left = random.whole(2, 3); left > 0; left -= 1, at += random.between(20, 90) * MINUTE)
    bankMails(world, world.deed("tabs of one evening", { ...shared, amountMinor: money(random.whole(700, 4500)), at }));
}

export function fuelHold(world: World): void {
  const { random, moment, merchantOf, delay, tell } = world;
  if (!isAmerican(world)) return plain(world);
  const hold = random.pick([1, 1, 1, 1, 1, 50, 75, 100, 100, 125, 125, 150, 175, 175]) * 100;
  const deed = world.deed("fuel hold", { merchant: merchantOf("fuel"), amountMinor: hold, at: moment(6, 22) });
  const amountMinor = random.whole(1800, 8800);
  const { bank, isMailedTwice } = deed.card;
  if (bank.confirms !== null && isMailedTwice) return bankMails(world, deed, { amountMinor, role: "fuel" });
  tell(deed, { role: "first", mailAt: deed.at + delay() });
  const isSoon = random.chance(0.5);
  const at = isSoon ? deed.at + random.between(2, 20) * MINUTE : nights(world, deed.at, random.whole(1, 3));
  // A pump that reports when it is done has a time of its own; what is posted later mostly keeps the first.
  const saidAt = random.chance(isSoon ? 0.8 : 0.3) ? at : deed.at;
  tell(deed, { role: "fuel", mailAt: at + delay(), saidAt, amountMinor });
  if (random.chance(0.25)) snack(world, deed, deed.at);
}

export function fuelAndSnack(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const amountMinor = money(random.whole(1800, 8800));
  const deed = world.deed("fuel and snack", { merchant: merchantOf("fuel"), amountMinor, at: moment(6, 22) });
  bankMails(world, deed);
  snack(world, deed, deed.at);
}

/** A hotel or a rented car: an estimate when it begins, the bill when it ends. */
export function stay(world: World): void {
  const { random, moment, merchantOf, money, delay, tell } = world;
  const nightsCount = random.whole(1, 6);
  const isHotel = random.chance(0.65);
  const price = nightsCount * random.whole(isHotel ? 8900 : 3900, isHotel ? 26_000 : 9000) * 1.14;
  const extra = isHotel ? random.pick([nightsCount * 5000, 10_000, 20_000]) : random.pick([20_000, price * 0.15]);
  const merchant = merchantOf(isHotel ? "hotel" : "rental");
  const deed = world.deed("stay", { merchant, amountMinor: money(Math.round(price + extra)), at: moment(12, 22) });
  const bill = money(Math.round(price + (random.chance(0.5) ? random.whole(500, 12_000) : 0)));
  const end = nights(world, deed.at, nightsCount) + random.between(3, 9) * HOUR;
  tell(deed, { role: "first", mailAt: deed.at + delay() });
  tell(deed, { role: "stay", mailAt: end + delay(), saidAt: random.chance(0.8) ? end : deed.at, amountMinor: bill });
  if (!isHotel || random.chance(0.5)) return;
  const bar = {
    merchant,
    card: deed.card,
    amountMinor: money(random.whole(1500, 8000)),
    at: deed.at + random.between(3, 7) * HOUR,
  };
  bankMails(world, world.deed("hotel bar", bar));
}

export function updatedTotal(world: World): void {
  const { random, moment, merchantOf, tell } = world;
  if (!isAmerican(world)) return plain(world);
  const amountMinor = random.whole(900, 7000);
  const deed = world.deed("updated total", {
    merchant: merchantOf(random.pick(["restaurant", "coffee"])),
    amountMinor,
    at: moment(8, 22),
  });
  const first = { ...fromPayPal(world, deed), institution: "venmo", card: null };
  tell(deed, { role: "first", ...first });
  const mailAt = first.mailAt + random.pick([random.between(5, 240) * MINUTE, random.between(4, 48) * HOUR]);
  tell(deed, {
    ...first,
    role: "updated",
    mailAt,
    amountMinor: withTip(world, amountMinor),
    ...(random.chance(0.3) && { saidAt: mailAt }),
  });
}

export function paymentsToOnePerson(world: World): void {
  const { random, moment, merchantOf, tell } = world;
  const merchant = merchantOf("person");
  const card = random.pick(world.cards);
  let at = moment(9, 20);
  for (let left = 2; left > 0; left -= 1, at += random.between(0.1, 30) * HOUR) {
    const amountMinor = random.chance(0.6) ? random.whole(5, 80) * 100 : random.whole(500, 8000);
    const deed = world.deed("payments to one person", { merchant, card, amountMinor, at });
    tell(deed, { role: "first", ...fromPayPal(world, deed), institution: "venmo", card: null });
  }
}

/** Most take a share that the terminal offers, some a whole amount or a whole total, some anything, some nothing. */
function withTip({ random, money }: World, bill: number): number {
  const whole = money(100);
  const draw = random.next();
  if (draw < 0.55) return bill + Math.round(bill * random.pick([0.15, 0.18, 0.2, 0.22, 0.25, 0.3]));
  if (draw < 0.72) return bill + Math.max(1, Math.round((bill * random.between(0.1, 0.3)) / whole)) * whole;
  if (draw < 0.85) return Math.ceil((bill * random.between(1.1, 1.25)) / whole) * whole;
  return draw < 0.95 ? bill + Math.round(bill * random.between(0.01, 0.4)) : bill;
}

function snack(world: World, { merchant, card }: Deed, at: number): void {
  const { random, money } = world;
  const what = { merchant, card, amountMinor: money(random.whole(199, 1800)), at: at + random.between(2, 12) * MINUTE };
  bankMails(world, world.deed("fuel and snack", what));
}
