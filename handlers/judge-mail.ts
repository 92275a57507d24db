import { hash } from "node:crypto";

import { isAddressAt, normaliseEmail } from "../access/email-address.ts";
import { mayConfirmByItself } from "../access/may-confirm-by-itself.ts";
import type { SignatureCheck } from "../access/dkim.ts";
import { isAuthorSigned } from "../access/origin.ts";
import { hashToken } from "../access/tokens.ts";
import type { CarriedMail, Interpretation } from "../adapters/libsql-interpretation.ts";
import type { ClaimedMail } from "../adapters/libsql-queue.ts";
import type { App } from "../app.ts";
import { purchasesOf } from "./booking.ts";
import { judgeAlert, judgeShared } from "./judge-alert.ts";
import { newAccount } from "./new-account.ts";
import type { OriginCheck } from "./origin-check.ts";
import type { ReadMail } from "./read-mail.ts";
import type { Recipients } from "./recipients.ts";
import { sampleEvent } from "./sample.ts";
import { storeCheck } from "./stored-reading.ts";

type Read = Extract<ReadMail, { state: "read" }>;

/** What becomes of a mail: all that an interpretation says beyond what was read. */
export type Judgement = Pick<Interpretation, "outcome" | "reason"> & Partial<Interpretation>;

// After that long a mail whose signature can't be checked is treated as one that has none.
const PATIENCE_MS = 24 * 60 * 60_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;

/** Decides what becomes of a mail that was read. Nothing is written. */
export async function judgeMail(mail: ClaimedMail, read: Read, recipients: Recipients, app: App): Promise<Judgement> {
  const ageMs = app.now().epochMilliseconds - mail.receivedAt;
  if (asksForOrigin(mail, app) && isUnchecked(read) && ageMs < PATIENCE_MS) return later(read, ageMs, app);
  if (mail.route === "signup") return judgeSignUp(mail, read, app);
  if (mail.route === "shared") return judgeShared(mail, read, recipients, app);
  if (mail.accountId === null) return { outcome: "unknown_recipient", reason: "It was sent to no live alert address." };
  if (read.isOurs) return judgeSample(mail.accountId, mail, read, app);
  if (read.confirmation !== null) return judgeConfirmation(mail.accountId, read, recipients);
  const carried = carriedBy(mail, read);
  if (carried.length > 0 && read.institution === null) return carrier(read, carried);
  return { ...(await judgeAlert(mail.accountId, mail, read, recipients, app)), carried };
}

/** Whether anything depends on who really sent it. On a laptop there is no outside. */
function asksForOrigin({ route, accountId }: ClaimedMail, { config }: App): boolean {
  if (config.local) return false;
  return route === "signup" || route === "shared" || accountId !== null;
}

function isUnchecked(read: Read): boolean {
  return signaturesOf(read).some(({ state }) => state === "unchecked");
}

function signaturesOf({ check, hung }: Read): SignatureCheck[] {
  const checks = [check, ...hung.map((each) => each.check)];
  return checks.flatMap(({ signature, forward }) => [signature, ...(forward === null ? [] : [forward.signature])]);
}

/** A mail that waits in vain is asked for less and less. */
function later(read: Read, ageMs: number, app: App): Judgement {
  const isDamaged = signaturesOf(read).some((check) => check.state === "unchecked" && check.cause === "damaged");
  // What was damaged stays so; DNS may answer in a minute.
  const waitMs = isDamaged ? PATIENCE_MS - ageMs : Math.min(Math.max(ageMs, FIRST_RETRY_MS), LONGEST_RETRY_MS);
  return {
    outcome: "unverified",
    verdict: "unverified",
    reason: isDamaged
      ? "Some letters of this mail were damaged on the way, so its signature can't be checked. It goes to review after a day."
      : "Its signature can't be checked right now. We try again by ourselves.",
    tryAgainAt: app.now().epochMilliseconds + waitMs,
  };
}

function judgeSignUp(mail: ClaimedMail, read: Read, app: App): Judgement {
  const { forward } = read.check;
  const address = normaliseEmail(forward?.by ?? read.sender);
  // Without the sender's own signature anyone could make us write to anybody.
  if (address === null || isAddressAt(address, app.config.domain) || !isAuthorSigned(forward ?? read.check)) {
    return { outcome: "unknown_recipient", reason: "It asked for a link, but its sender could not be confirmed." };
  }
  if (read.isAutomatic || read.institution !== null) {
    return { outcome: "unknown_recipient", reason: "A machine sent it, so it was not answered." };
  }
  const signUp = {
    id: hashToken(`mail:${mail.id}`),
    address,
    newAccount: app.config.signup === "open" ? newAccount(app, null) : null,
    network: null,
    next: null,
    at: app.now(),
  };
  return { outcome: "signup", reason: "It asked for a link to the dashboard.", signUp };
}

function judgeSample(accountId: string, mail: ClaimedMail, read: Read, app: App): Judgement {
  if (read.sampleCode === null) return { outcome: "ours", reason: "A letter of ours that came back." };
  const owner = { accountId, mailId: mail.id, institution: "sample", origin: "sample", signedBy: null } as const;
  return {
    outcome: "booked",
    reason: "The sample alert you asked for.",
    sampleCode: read.sampleCode,
    purchases: purchasesOf([sampleEvent(mail.receivedAt)], owner, app),
  };
}

async function judgeConfirmation(accountId: string, read: Read, recipients: Recipients): Promise<Judgement> {
  const recipient = await recipients(accountId);
  const { signature } = read.check;
  const isDue =
    read.confirmation !== null &&
    mayConfirmByItself({
      from: read.sender,
      signedBy: signature.state === "valid" ? signature.signatures.map(({ domain }) => domain) : [],
      route: read.route.kind,
      hasAccount: true,
      isProven: (address) => recipient?.isProven(address) === true,
      ...read.confirmation,
    });
  return {
    outcome: "confirmation",
    reason: "A request to confirm forwarding.",
    confirmation: read.confirmation && { ...read.confirmation, isDue },
  };
}

/** A mail that is nothing but what hangs on it. What is left out of that its person must look at. */
function carrier({ hung, hungLeftOut }: Read, carried: readonly CarriedMail[]): Judgement {
  const reason = hung.length === 1 ? "It carried another mail." : `It carried ${hung.length} other mails.`;
  if (hungLeftOut === 0) return { outcome: "carrier", reason, carried };
  const more = `${reason} ${hungLeftOut} more were too many, or too deep inside, to be read.`;
  return { outcome: "review", reason: more, carried };
}

/** What hangs on the mail, each to be read as if it had come alone. */
function carriedBy(mail: ClaimedMail, { hung }: Read): CarriedMail[] {
  return hung.map(({ payload, check }, index) => ({
    // The same at every reading, so that they are kept once.
    id: `${mail.id}.${index + 1}`,
    payload,
    payloadSha256: hash("sha256", payload, "buffer"),
    originCheck: storeCheck(settled(check)),
  }));
}

/** What could not be found out by now never will be: only these bytes tell, and they are not kept apart. */
function settled({ signature, forward, ...rest }: OriginCheck): OriginCheck {
  const of = (check: SignatureCheck): SignatureCheck => (check.state === "unchecked" ? { state: "absent" } : check);
  return { ...rest, signature: of(signature), forward: forward && { ...forward, signature: of(forward.signature) } };
}
