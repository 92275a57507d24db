import type { App } from "../app.ts";
import { isAddressAt, normaliseEmail } from "../access/email-address.ts";
import { alertAddress, newToken } from "../access/tokens.ts";
import { AppError } from "../errors.ts";
import { signInLink } from "./compose-letter.ts";
import { newAccount } from "./new-account.ts";
import { webhook } from "./webhook.ts";

/** The demonstration account of local mode. */
export const DEMO_ADDRESS = "demo@example.com";

/**
 * `wtmm login-link EMAIL`: a sign-in link for whoever can't get mail. In local mode an account is made if there is none.
 *
 * @throws AppError `invalid` for what is not an address, `not_found` when nobody has it
 */
export async function loginLink(email: string, app: App): Promise<string> {
  const address = normaliseEmail(email);
  if (address === null) throw new AppError("invalid", `${email} is not an e-mail address.`);
  if (isAddressAt(address, app.config.domain))
    throw new AppError("invalid", `Addresses at ${app.config.domain} are ours.`);
  if (app.config.local) await ensureAccount(address, app);
  const account = await app.store.accountOfAddress(address);
  if (account === null) throw new AppError("not_found", `Nobody has signed up with ${address}.`);
  return signInLink(account.id, account.linkEpoch, null, app);
}

/** A sign-in link of the demonstration account. */
export function demoLink(app: App): Promise<string> {
  return loginLink(DEMO_ADDRESS, app);
}

/** Makes an account for an address that has none, without a letter. */
export async function ensureAccount(address: string, app: App): Promise<void> {
  await app.store.createAccount({ ...newAccount(app, null), address, at: app.now() });
}

/**
 * Where a fed mail goes: the address that was asked for, else the one at our domain that its own headers name, else the
 * alert address of the only account there is.
 *
 * @param to an address or an account's e-mail address, or null
 * @throws AppError `invalid` with a sentence that says what to give
 */
export async function feedRecipient(to: string | null, headerAddresses: readonly string[], app: App): Promise<string> {
  const { domain } = app.config;
  const isOurs = (address: string): boolean => address.toLowerCase().endsWith(`@${domain}`);
  if (to !== null) {
    if (isOurs(to)) return to;
    const account = await app.store.accountOfAddress(normaliseEmail(to) ?? "");
    if (account !== null) return alertAddress(account.alertToken, domain);
    throw new AppError("invalid", `${to} is neither an address at ${domain} nor anybody's account.`);
  }
  const named = headerAddresses.find(isOurs);
  if (named !== undefined) return named;
  const only = await app.store.onlyAccount(DEMO_ADDRESS);
  if (only !== null) return alertAddress(only.alertToken, domain);
  throw new AppError("invalid", `The mail names no address at ${domain}. Say whose it is: --to EMAIL.`);
}

/**
 * Hands a payload to the real webhook, as Postmark would.
 *
 * @returns the webhook's status
 */
export async function deliverHere(payload: unknown, app: App): Promise<number> {
  const [credential = ""] = app.config.webhookCredentials;
  const request = new Request(`${app.config.publicUrl}/webhook/inbound`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(credential).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(payload),
  });
  return (await webhook(request, app)).status;
}

/** A fresh id for a fed mail, in the provider's place. */
export function feedId(app: Pick<App, "random">): string {
  return `feed-${newToken(app.random, 10)}`;
}
