import { plain } from "./bank-mails.ts";
import {
  coffeesMinutesApart,
  coffeesInOneMinute,
  coffeesOnOneDay,
  coffeesAroundMidnight,
  dailyCoffee,
  transit,
  cash,
  twoCards,
  roundAmounts,
  subscription,
  boughtOnline,
  splitShipments,
  refund,
  equalRefunds,
} from "./equal-amounts.ts";
import {
  tip,
  regular,
  tabs,
  fuelHold,
  fuelAndSnack,
  stay,
  updatedTotal,
  paymentsToOnePerson,
} from "./other-amounts.ts";
import {
  payPal,
  venmo,
  payPalFromBalance,
  equalDonations,
  aroundMidnight,
  receiptBookedByHand,
  forwardedTwice,
} from "./two-senders.ts";
import type { World } from "./world.ts";

/** One situation: it happens once to the account, as often as `weight` says beside the others. */
export type Case = { readonly weight: number; readonly happen: (world: World) => void };

export const CASES: readonly Case[] = [
  { weight: 8, happen: plain },
  { weight: 5, happen: boughtOnline },
  { weight: 3, happen: coffeesMinutesApart },
  { weight: 0.25, happen: coffeesInOneMinute },
  { weight: 2, happen: coffeesOnOneDay },
  { weight: 1, happen: dailyCoffee },
  { weight: 4, happen: tip },
  { weight: 1.5, happen: regular },
  { weight: 1, happen: tabs },
  { weight: 3, happen: fuelHold },
  { weight: 1, happen: fuelAndSnack },
  { weight: 1.5, happen: stay },
  { weight: 2, happen: splitShipments },
  { weight: 2, happen: refund },
  { weight: 1, happen: equalRefunds },
  { weight: 1.5, happen: aroundMidnight },
  { weight: 1, happen: coffeesAroundMidnight },
  { weight: 4, happen: payPal },
  { weight: 1, happen: payPalFromBalance },
  { weight: 1, happen: equalDonations },
  { weight: 1.5, happen: venmo },
  { weight: 2, happen: updatedTotal },
  { weight: 1, happen: paymentsToOnePerson },
  { weight: 1.5, happen: receiptBookedByHand },
  { weight: 0.75, happen: forwardedTwice },
  { weight: 1.5, happen: subscription },
  { weight: 1, happen: transit },
  { weight: 1.5, happen: cash },
  { weight: 1.5, happen: twoCards },
  { weight: 1.5, happen: roundAmounts },
];
