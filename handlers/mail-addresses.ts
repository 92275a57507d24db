import { isAddressAt, normaliseEmail } from "../access/email-address.ts";
import { newToken } from "../access/tokens.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import type { MailAddressesView } from "./pages/mail-addresses.ts";
import { zoned } from "./purchase-rows.ts";

/**
 * Asks an address whether it is this person's, too. Whether it belongs to somebody already is told to nobody.
 *
 * @returns why what was typed can't be asked, or null
 * @throws AppError `rate_limited`
 */
export async function askMailAddress(typed: string, person: Session, app: App): Promise<string | null> {
  const { domain } = app.config;
  const address = normaliseEmail(typed);
  if (address === null) return "This is not an e-mail address. It should look like name@example.com.";
  if (isAddressAt(address, domain)) return `Addresses at ${domain} are ours. Please use your own mailbox.`;
  const own = await app.store.addresses(person.accountId);
  if (own.some((each) => each.address === address)) return "This address is yours already.";
  const claim = { id: newToken(app.random, 10), accountId: person.accountId, address, at: app.now() };
  if (!(await app.store.claimAddress(claim))) {
    throw new AppError(
      "rate_limited",
      "An address is asked once in five minutes, and ten times a day in all. Please wait.",
    );
  }
  app.wake("outbox");
  return null;
}

/**
 * Takes an address away from the person's account.
 *
 * @throws AppError `conflict` when it is not theirs, or the last one they could sign in with
 */
export async function removeMailAddress(address: string, person: Session, app: App): Promise<void> {
  if (await app.store.removeAddress(person.accountId, address)) return;
  throw new AppError(
    "conflict",
    "That address is not yours any more, or it is the only one that you can sign in with.",
  );
}

/** What the page about them shows. */
export async function mailAddressesOf(person: Session, app: App): Promise<MailAddressesView> {
  const { accountId, timeZone } = person;
  const own = await app.store.addresses(accountId);
  const claims = await app.store.addressClaims(accountId, app.now());
  const proven = own.filter(({ provenAt }) => provenAt !== null);
  return {
    own: own.map(({ address, provenAt }) => ({
      address,
      provenAt: provenAt === null ? null : zoned(provenAt, timeZone),
      mayGo: proven.some((other) => other.address !== address),
    })),
    claimed: claims.map(({ address, askedAt }) => ({ address, askedAt: zoned(askedAt, timeZone) })),
  };
}
