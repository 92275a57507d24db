import { normaliseEmail } from "../access/email-address.ts";
import type { Recipient } from "../access/origin.ts";
import { alertTokenOf } from "../access/recipient.ts";
import type { App } from "../app.ts";
import { usualCurrencyIn } from "../ledger/usual-currency.ts";

/** What is asked of an account when one of its mails is read and judged. */
export type KnownRecipient = Recipient & {
  /** What its person usually pays in, ISO 4217. */
  readonly usualCurrency: string;
};

/** Null for an account that is gone. */
export type Recipients = (accountId: string) => Promise<KnownRecipient | null>;

/** Asks the store once for each account, however many of its mails are judged together. */
export function openRecipients(app: App): Recipients {
  const known = new Map<string, Promise<KnownRecipient | null>>();
  return (accountId) => {
    const asked = known.get(accountId) ?? recipientOf(accountId, app);
    known.set(accountId, asked);
    return asked;
  };
}

async function recipientOf(accountId: string, app: App): Promise<KnownRecipient | null> {
  const facts = await app.store.recipientFacts(accountId, app.now());
  if (facts === null) return null;
  const addresses = new Set(facts.addresses);
  const tokens = new Set(facts.tokens);
  const isProven = (address: string): boolean => addresses.has(normaliseEmail(address) ?? "");
  return {
    isProven,
    isOwn: (address) => isProven(address) || tokens.has(alertTokenOf(address, app.config.domain) ?? ""),
    trustedRoutes: new Set(facts.trustedRoutes),
    requiresSignature: facts.requiresSignature,
    isLocal: app.config.local,
    usualCurrency: facts.usualCurrency ?? usualCurrencyIn(facts.timeZone),
  };
}
