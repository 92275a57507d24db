import { bankMails, isAmerican, plain, secondAlertAfter } from "./bank-mails.ts";
import { viaWallet } from "./merchants.ts";
import { fromPayPal, throughWallet } from "./wallet-mails.ts";
import { DAY, MINUTE, SECOND, type World } from "./world.ts";

export function payPal(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const merchant = merchantOf(random.pick(["online", "subscription"]));
  const deed = world.deed("wallet", { merchant, amountMinor: money(random.whole(399, 12_000)), at: moment(7, 23) });
  throughWallet(world, deed, "PAYPAL *");
  if (!random.chance(0.1)) return;
  const back = { ...deed, id: `${deed.id}R`, kind: "refund", at: deed.at + random.between(1, 15) * DAY };
  throughWallet(world, back, "PAYPAL *");
}

export function venmo(world: World): void {
  const { random, moment, merchantOf, money } = world;
  if (!isAmerican(world)) return plain(world);
  const amountMinor = money(random.whole(5, 90) * 100);
  throughWallet(
    world,
    world.deed("wallet", { merchant: merchantOf("person"), amountMinor, at: moment(9, 23) }),
    "VENMO *",
  );
}

export function payPalFromBalance(world: World): void {
  const { random, moment, merchantOf, money, tell } = world;
  const amountMinor = money(random.pick([1000, 1500, 2000, 2500, 5000]));
  const at = moment(8, 22);
  const paid = world.deed("wallet beside another purchase", { merchant: merchantOf("online"), amountMinor, at });
  tell(paid, { role: "first", ...fromPayPal(world, paid), card: null });
  const other = { merchant: merchantOf("shop"), amountMinor, at: at + random.between(5, 90) * MINUTE };
  bankMails(world, world.deed("wallet beside another purchase", other));
}

export function equalDonations(world: World): void {
  const { random, moment, merchantOf, money } = world;
  const amountMinor = money(random.pick([1000, 2000, 2500, 5000]));
  const first = world.deed("equal payments by wallet", {
    merchant: merchantOf("online"),
    amountMinor,
    at: moment(8, 22),
  });
  const merchant = merchantOf("subscription");
  throughWallet(world, first, "PAYPAL *");
  throughWallet(
    world,
    world.deed("equal payments by wallet", {
      merchant,
      amountMinor,
      card: first.card,
      at: first.at + random.between(2, 40) * MINUTE,
    }),
    "PAYPAL *",
  );
}

/** A purchase whose mails name different days, for one of them counts days in another zone. */
export function aroundMidnight(world: World): void {
  const { random, moment, merchantOf, money, delay, tell } = world;
  const card = random.pick(world.cards);
  const merchant = merchantOf("online");
  const deed = world.deed("around midnight", {
    merchant,
    card,
    amountMinor: money(random.whole(499, 9000)),
    at: moment(18, 27),
  });
  const mailAt = deed.at + delay();
  const role = card.bank.hasRemoteAlert ? "second alert" : "wallet";
  if (role === "second alert") {
    tell(deed, { role: "first", mailAt });
    return tell(deed, { role, mailAt: mailAt + secondAlertAfter(world), states: "day", zone: "UTC" });
  }
  tell(deed, { role: "first", mailAt, merchant: viaWallet("PAYPAL *", merchant) });
  tell(deed, { role, ...fromPayPal(world, deed), zone: random.pick([world.zone, "UTC"]) });
}

/** A shop's own mail that a person booked from review, and the bank's alert. */
export function receiptBookedByHand(world: World): void {
  const { random, moment, merchantOf, money, tell } = world;
  const deed = world.deed("receipt booked by hand", {
    merchant: merchantOf(random.pick(["online", "coffee", "subscription"])),
    amountMinor: money(random.whole(350, 9000)),
    at: moment(8, 22),
  });
  bankMails(world, deed);
  const mailAt = deed.at - (random.chance(0.2) ? random.between(0.2, 1.5) * DAY : 0) + random.between(1, 300) * SECOND;
  const card = random.chance(0.3) ? deed.card.digits : null;
  const said = { states: random.pick(["day", "nothing"] as const), saidAt: mailAt, zone: world.zone };
  tell(deed, {
    role: "receipt",
    institution: "receipts.example.com",
    mailAt,
    merchant: deed.merchant.name,
    card,
    ...said,
  });
}

/** The same mail twice, the second time forwarded by hand without its Message-ID and with its date to the minute. */
export function forwardedTwice(world: World): void {
  const { random, moment, merchantOf, money, delay, tell } = world;
  const deed = world.deed("forwarded twice", {
    merchant: merchantOf(random.pick(["shop", "coffee", "restaurant"])),
    amountMinor: money(random.whole(350, 9000)),
    at: moment(8, 22),
  });
  const mailAt = deed.at + delay();
  tell(deed, { role: "first", mailAt });
  tell(deed, { role: "forwarded", mailAt: Math.floor(mailAt / MINUTE) * MINUTE });
}
