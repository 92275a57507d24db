import { secondAlertAfter } from "./bank-mails.ts";
import { viaWallet } from "./merchants.ts";
import { DAY, SECOND, type Deed, type World } from "./world.ts";

/** The card's mail, then the wallet's: one purchase. */
export function throughWallet(world: World, deed: Deed, mark: string): void {
  const { random, delay, tell } = world;
  const bare = mark.replace(/ \*$/, "");
  const merchant = random.chance(0.07) ? `${bare} INST XFER` : viaWallet(mark, deed.merchant);
  const isLate = random.chance(0.15);
  const at = isLate ? deed.at + random.between(0.3, 2) * DAY : deed.at;
  const mailAt = at + delay();
  const saidAt = isLate && random.chance(0.3) ? deed.at : at;
  tell(deed, { role: "first", ...fromPayPal(world, deed), institution: bare.toLowerCase() });
  tell(deed, { role: "wallet", mailAt, merchant, saidAt });
  if (!deed.card.bank.hasRemoteAlert || !deed.card.isMailedTwice || deed.kind === "refund") return;
  tell(deed, { role: "second alert", mailAt: mailAt + secondAlertAfter(world), merchant, saidAt });
}

export function fromPayPal(
  { random, zone }: World,
  { at, merchant, card }: Deed,
): { institution: string; mailAt: number; merchant: string; states: "day"; zone: string; card: string | null } {
  const mailAt = at + random.between(5, 120) * SECOND;
  return {
    institution: "paypal",
    mailAt,
    merchant: merchant.name,
    states: "day",
    zone,
    card: random.chance(0.4) ? card.digits : null,
  };
}
