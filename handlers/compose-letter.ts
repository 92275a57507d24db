import * as v from "valibot";

import { signLink, LINK_MINUTES, type LinkPurpose } from "../access/links.ts";
import { newToken } from "../access/tokens.ts";
import type { Account } from "../adapters/libsql-accounts.ts";
import type { ClaimedLetter } from "../adapters/libsql-letters.ts";
import type { App } from "../app.ts";
import { parseDay } from "../ledger/days.ts";
import { alarmsIn } from "./alarm.ts";
import { composeWeekly } from "./compose-weekly.ts";
import { alarmLetter, allClearLetter } from "./letters/alarm.ts";
import { heldLetter } from "./letters/held.ts";
import type { Letter } from "./letters/letter.ts";
import { proveAddressLetter } from "./letters/prove-address.ts";
import { sampleLetter } from "./letters/sample-alert.ts";
import { signInLetter } from "./letters/sign-in.ts";
import { SAMPLE } from "./sample.ts";

const signInDetails = v.object({ next: v.nullable(v.string()) });
const sampleDetails = v.object({ code: v.string() });
const weeklyDetails = v.object({ monday: v.string() });
const claimDetails = v.object({ claim: v.string() });

/**
 * The text of a letter. It is written when it is sent: its link is fresh then, and no valid link ever stands in the
 * database. What changed while it waited counts too, so it may not be needed any more. Null when nothing can be made of it.
 */
export async function composeLetter(claimed: ClaimedLetter, app: App): Promise<Letter | "not needed" | null> {
  const { kind, accountId, to } = claimed;
  if (kind === "held") return composeHeld(to, app);
  if (kind === "alarm" || kind === "all-clear") return composeAlarm(kind, app);
  const fields: unknown = JSON.parse(claimed.details);
  if (accountId === null) return null;
  const account = await app.store.account(accountId);
  // Its only address went to whoever proved it.
  if (account === null) return "not needed";
  if (kind === "sign-in" && v.is(signInDetails, fields)) return composeSignIn(account, to, fields.next, app);
  if (kind === "prove-address" && v.is(claimDetails, fields)) return composeProof(account, to, fields.claim, app);
  if (kind === "weekly" && v.is(weeklyDetails, fields)) {
    const monday = parseDay(fields.monday);
    const link = signInLink(account.id, account.linkEpoch, null, app);
    return monday && composeWeekly(account, to, monday, link, app);
  }
  if (kind === "sample-alert" && v.is(sampleDetails, fields)) {
    return sampleLetter({ code: fields.code, ...SAMPLE, at: app.now().toZonedDateTimeISO(account.timeZone) });
  }
  return null;
}

/** An address that was taken away from the account gets no key to it. */
async function composeSignIn(
  account: Account,
  to: string,
  next: string | null,
  app: App,
): Promise<Letter | "not needed"> {
  if ((await app.store.accountOfAddress(to))?.id !== account.id) return "not needed";
  const link = signInLink(account.id, account.linkEpoch, next, app);
  return signInLetter({ link, minutes: LINK_MINUTES, baseUrl: app.config.publicUrl });
}

async function composeProof(
  { id, linkEpoch, address: asker }: Account,
  address: string,
  claimId: string,
  app: App,
): Promise<Letter | "not needed"> {
  const claimed = await app.store.claimedAddress({ claimId, accountId: id, epoch: linkEpoch });
  if (claimed === null) return "not needed";
  const link = linkTo(
    "/prove-address",
    { accountId: id, purpose: "prove-address", linkId: claimId, epoch: linkEpoch },
    app,
  );
  return proveAddressLetter({ link, asker, address, minutes: LINK_MINUTES });
}

/** While nobody new is taken in, there is nothing to invite to. */
async function composeHeld(address: string, app: App): Promise<Letter | "not needed"> {
  const purchases = await app.store.heldFor(address);
  if (purchases === 0 || app.config.signup !== "open") return "not needed";
  return heldLetter({ purchases, address, baseUrl: app.config.publicUrl });
}

/** What was mended meanwhile alarms nobody, and what broke again is not said to be well. */
async function composeAlarm(kind: "alarm" | "all-clear", app: App): Promise<Letter | "not needed"> {
  const alarms = await alarmsIn(app);
  if ((kind === "alarm") !== alarms.length > 0) return "not needed";
  const host = new URL(app.config.publicUrl).host;
  return kind === "alarm" ? alarmLetter({ host, alarms }) : allClearLetter({ host });
}

/** The address of a fresh sign-in link of an account. */
export function signInLink(accountId: string, epoch: number, next: string | null, app: App): string {
  return linkTo("/sign-in", { accountId, purpose: "sign-in", linkId: newToken(app.random, 10), epoch, next }, app);
}

type LinkParts = { accountId: string; purpose: LinkPurpose; linkId: string; epoch: number; next?: string | null };

function linkTo(path: string, parts: LinkParts, app: App): string {
  const expiresAt = app.now().add({ minutes: LINK_MINUTES });
  return `${app.config.publicUrl}${path}?t=${signLink({ next: null, ...parts, expiresAt }, app.config.linkKeys)}`;
}
