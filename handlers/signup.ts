import { isAddressAt, normaliseEmail } from "../access/email-address.ts";
import { LINK_MINUTES, verifyLink } from "../access/links.ts";
import { networkOf } from "../access/network.ts";
import { newToken } from "../access/tokens.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { DEFAULT_ZONE, isTimeZone } from "../ledger/days.ts";
import { page, readForm } from "./answers.ts";
import { newAccount } from "./new-account.ts";
import { homePage } from "./pages/home.ts";
import { signupSentPage } from "./pages/signup-sent.ts";

/**
 * `POST /signup` with `email` (and `zone`), or with `t`, a link of ours: puts one letter with a link to the dashboard
 * in the outbox. The answer is the same for everyone, so that nobody learns who has an account.
 *
 * @throws AppError `rate_limited` when the network has asked too often
 */
export async function signup(request: Request, app: App): Promise<Response> {
  const form = await readForm(request, app);
  const oldLink = form.get("t");
  const wanted = oldLink === undefined ? wantedByForm(form, app) : await wantedByLink(oldLink, app);
  if ("error" in wanted) return rejected(form, wanted.error, app);
  const isAccepted = await app.store.signUp({
    id: newToken(app.random, 10),
    address: wanted.address,
    newAccount: app.config.signup === "open" ? newAccount(app, wanted.zone) : null,
    network: networkOf(app.client.address),
    next: wanted.next,
    at: app.now(),
  });
  if (!isAccepted)
    throw new AppError("rate_limited", "Too many people asked from your network. Please try again in an hour.");
  app.wake("outbox");
  return page(signupSentPage({ local: app.config.local, minutes: LINK_MINUTES }));
}

type Wanted = { address: string; zone: string | null; next: string | null } | { error: string };

function wantedByForm(form: ReadonlyMap<string, string>, app: App): Wanted {
  const address = normaliseEmail(form.get("email") ?? "");
  if (address === null) return { error: "This is not an e-mail address. It should look like name@example.com." };
  if (isAddressAt(address, app.config.domain)) {
    return { error: `Addresses at ${app.config.domain} are ours. Please use your own mailbox.` };
  }
  const zone = form.get("zone") ?? null;
  if (zone !== null && !isTimeZone(zone)) return { error: "This time zone is not known." };
  return { address, zone, next: null };
}

async function wantedByLink(token: string, app: App): Promise<Wanted> {
  const link = (["sign-in", "prove-address"] as const)
    .map((purpose) => verifyLink(token, purpose, app.config.linkKeys, app.now()))
    .find((checked) => checked.state !== "invalid")?.link;
  const account = link === undefined ? null : await app.store.account(link.accountId);
  if (link === undefined || account === null) {
    return { error: "This link is not one of ours. Please type your address." };
  }
  // What a link to another mailbox proves, this letter must not: it leads to where the person can go on.
  return { address: account.address, zone: null, next: link.purpose === "sign-in" ? link.next : "/settings" };
}

function rejected(form: ReadonlyMap<string, string>, error: string, app: App): Response {
  const typed = { email: form.get("email") ?? "", zone: form.get("zone") ?? DEFAULT_ZONE, error };
  const mailTo = `info@${app.config.domain}`;
  return page(homePage({ local: app.config.local, mailTo, rejected: typed }), 400);
}
