import { canary, watch } from "./canaries.ts";
import { AUTHORIZED, form, type Ask } from "./canary-requests.ts";
import { MERCHANT as MAILED_MERCHANT } from "./canary-mails.ts";
import type { CanaryWorld } from "./canary-world.ts";

/** Another address of Jane's. */
export const SECOND_ADDRESS = `${canary("second")}@example.com`;

const MERCHANT = canary("typed");
/** Where the amount stands in the mail of the unknown sender. */
const TAUGHT = { amount: "0.10.9", "merchant-words": MAILED_MERCHANT };
const TYPED = { merchant: MERCHANT, amount: watch("6,204.58") };

/**
 * What each route is there for, asked by Jane, to be sent in this order. Whoever adds a route adds its line, with a canary
 * for everything private that it takes.
 *
 * @param mails a mail of hers in review, of a sender that nobody knows, and one that was taken for no purchase
 */
export function goodAsks(
  world: CanaryWorld,
  mails: { readonly review: string; readonly noPurchase: string },
): Readonly<Record<string, () => Promise<Partial<Ask>> | Partial<Ask>>> {
  const { jane, joe } = world;
  const onPurchase = async () => ({ path: `/purchases/${await firstPurchase(world)}` });
  const onLookAlike = async () => ({ path: `/review/look-alikes/${await firstLookAlike(world)}` });
  const booking = { action: "enter", currency: "USD", date: "2026-03-07", ...TYPED };
  return {
    "POST /webhook/inbound": () => ({ headers: AUTHORIZED, body: `{"${canary("body")}` }),
    "POST /webhook/events": () => ({ headers: AUTHORIZED, body: JSON.stringify({ Email: SECOND_ADDRESS }) }),
    "GET /up": () => ({}),
    "GET /health": () => ({}),
    "GET /metrics": () => ({}),
    "GET /style.css": () => ({}),
    "GET /icon.svg": () => ({}),
    "GET /": () => ({}),
    "POST /signup": () => form({ email: jane.email }),
    "GET /sign-in": async () => ({ path: `/sign-in?t=${await world.tokenFor(jane.email)}` }),
    "POST /sign-in": async () => form({ t: await world.tokenFor(jane.email) }),
    "POST /settings": () => form({ action: "add-address", address: SECOND_ADDRESS }),
    "GET /prove-address": async () => ({ path: `/prove-address?t=${await world.tokenFor(SECOND_ADDRESS)}` }),
    "POST /prove-address": async () => form({ t: await world.tokenFor(SECOND_ADDRESS) }),
    "GET /connect": () => ({}),
    "POST /connect": () => form({ action: "replace", token: /\+(\w+)@/.exec(jane.alertAddress)?.[1] ?? "" }),
    "POST /connect/sample": () => form({}),
    "GET /dashboard": () => ({}),
    "GET /day/:date": () => ({ path: "/day/2026-03-07" }),
    "GET /purchases": () => ({ path: `/purchases?q=${MERCHANT}` }),
    "GET /purchases/:id": onPurchase,
    "POST /purchases/:id": async () => ({
      ...(await onPurchase()),
      ...form({ action: "save", always: "yes", ...TYPED }),
    }),
    "GET /review": () => ({}),
    "POST /review/:id": () => ({ path: `/review/${mails.review}`, ...form(booking) }),
    "GET /review/:id/teach": () => ({ path: `/review/${mails.review}/teach?${new URLSearchParams(TAUGHT)}` }),
    "POST /review/:id/teach": () => ({ path: `/review/${mails.review}/teach`, ...form(TAUGHT) }),
    "GET /review/look-alikes/:id": onLookAlike,
    "POST /review/look-alikes/:id": async () => ({ ...(await onLookAlike()), ...form({ action: "apart" }) }),
    "GET /mails": () => ({}),
    "POST /mails/:id": () => ({ path: `/mails/${mails.noPurchase}`, ...form({ action: "was-a-purchase" }) }),
    "GET /settings": () => ({}),
    "GET /dev/mail": () => ({}),
    "GET /dev/mail.json": () => ({}),
    "POST /sign-out": () => ({ headers: { ...form({}).headers, cookie: joe.cookie } }),
  };
}

async function firstPurchase({ app, jane }: CanaryWorld): Promise<string> {
  const [first] = await app.store.searchPurchases(jane.id, { text: null, from: null, to: null }, null, 1);
  if (first === undefined) throw new Error("There is no purchase.");
  return first.id;
}

async function firstLookAlike({ app, jane }: CanaryWorld): Promise<string> {
  const [first] = await app.store.openLookAlikes(jane.id, 1);
  if (first === undefined) throw new Error("There is no look-alike.");
  return first.id;
}
