import { verifyLink, type Link } from "../access/links.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { page, readForm, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import { keepSignedIn, personOf } from "./guards.ts";
import { oldProofPage, proveAddressPage, proveSignedOutPage } from "./pages/prove-address.ts";
import { unknownLinkPage } from "./pages/sign-in.ts";

/**
 * `GET /prove-address?t=…`: one button, for whoever is signed in to the account that asked. Changes nothing, because mail
 * scanners open every link they see.
 *
 * @throws AppError `conflict` for whoever is signed in to another account
 */
export async function proveAddressForm(request: Request, app: App): Promise<Response> {
  const token = new URL(request.url).searchParams.get("t") ?? "";
  const checked = verifyLink(token, "prove-address", app.config.linkKeys, app.now());
  if (checked.state === "invalid") return page(unknownLinkPage(), 400);
  const person = await personOf(request, app);
  if (person !== null) requireAsker(checked.link, person);
  const frame = person && (await frameOf(person, app));
  const address = checked.state === "valid" ? await app.store.claimedAddress(claimOf(checked.link)) : null;
  const account = await app.store.account(checked.link.accountId);
  if (address === null || account === null) return page(oldProofPage({ frame }), 410);
  const view = { token, address, account: account.address };
  if (person === null || frame === null) return page(proveSignedOutPage(view));
  return keepSignedIn(page(proveAddressPage({ ...view, frame })), request, app, person);
}

/**
 * `POST /prove-address` with `t`: the claimed address is the account's own from now on, and the link is used up.
 *
 * @throws AppError `conflict` for whoever is signed in to another account, and when the address belongs to one
 */
export async function proveAddress(request: Request, app: App, person: Session): Promise<Response> {
  const token = (await readForm(request, app)).get("t") ?? "";
  const checked = verifyLink(token, "prove-address", app.config.linkKeys, app.now());
  if (checked.state === "invalid") return page(unknownLinkPage(), 400);
  requireAsker(checked.link, person);
  const claim = claimOf(checked.link);
  if (checked.state === "valid" && (await app.store.proveAddress({ ...claim, at: app.now() }))) {
    // What was held for it is the account's now.
    app.wake("interpret");
    return redirect("/settings?done=proven");
  }
  if (checked.state === "valid" && (await app.store.claimedAddress(claim)) !== null) {
    throw new AppError(
      "conflict",
      "This address belongs to another account. Remove it there first, or sign in with it.",
    );
  }
  return page(oldProofPage({ frame: await frameOf(person, app) }), 410);
}

function claimOf({ linkId, accountId, epoch }: Link) {
  return { claimId: linkId, accountId, epoch };
}

/** Else whoever is made to follow a stranger's link would give their address away. */
function requireAsker({ accountId }: Link, person: Session): void {
  if (accountId === person.accountId) return;
  throw new AppError(
    "conflict",
    "This link is for another account than the one you are signed in to, so nothing was changed.",
  );
}
