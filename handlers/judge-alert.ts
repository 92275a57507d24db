import { isAddressAt, normaliseEmail } from "../access/email-address.ts";
import { originOf, type Origin, type Recipient } from "../access/origin.ts";
import { alertTokenOf } from "../access/recipient.ts";
import { newToken } from "../access/tokens.ts";
import type { ClaimedMail } from "../adapters/libsql-queue.ts";
import type { App } from "../app.ts";
import { parsers } from "../parsers/registry.ts";
import { bookingsAnew, purchasesOf, senderDomain, spendingOf } from "./booking.ts";
import type { Judgement } from "./judge-mail.ts";
import { readByRules, type RuleReading } from "./reading-rules.ts";
import { isRecovered } from "./origin-check.ts";
import type { ReadMail } from "./read-mail.ts";
import type { Recipients } from "./recipients.ts";

/** What stands beside a purchase whose mail our provider's archive gave. */
export const RECOVERED = "Recovered, signature not checkable.";

type Read = Extract<ReadMail, { state: "read" }>;

/** Decides what becomes of an account's mail: only what is understood and of an origin that is established is booked. */
export async function judgeAlert(
  accountId: string,
  mail: ClaimedMail,
  read: Read,
  recipients: Recipients,
  app: App,
): Promise<Judgement> {
  const recipient = await recipients(accountId);
  if (recipient === null) return { outcome: "unknown_recipient", reason: "Its account is gone." };
  const origin = originOfMail(mail, read, recipient, app);
  const byRule = read.outcome === "unknown_sender" ? await readByRulesOf(accountId, read, app) : null;
  const judgement = { ...judge(accountId, mail, read, byRule, origin, app), ...whatIsKnown(origin) };
  return mail.outcome === null || mail.outcome === "unverified" ? judgement : again(accountId, mail, judgement, app);
}

/**
 * A mail at the address that all may use: it counts when a bank signed it, for whom the bank wrote to. It is held for a
 * mailbox that no account has proven yet; everything else is nobody's.
 */
export async function judgeShared(mail: ClaimedMail, read: Read, recipients: Recipients, app: App): Promise<Judgement> {
  // It was held, and its account has proven the mailbox since.
  if (mail.accountId !== null) return judgeAlert(mail.accountId, mail, read, recipients, app);
  const { signature } = read.check;
  const pinned = pinnedDomainsOf(read.institution) ?? [];
  const signed =
    signature.state === "valid" ? signature.signatures.filter(({ domain }) => pinned.includes(domain)) : [];
  const nobody: Judgement = {
    outcome: "unknown_recipient",
    reason: "It was sent to the shared address, and no bank signed it.",
  };
  for (const address of new Set(signed.flatMap(({ signedTo }) => signedTo))) {
    const mailbox = normaliseEmail(address);
    if (mailbox === null) continue;
    const token = alertTokenOf(mailbox, app.config.domain);
    const accountId = await (token === null
      ? app.store.accountIdOfProvenAddress(mailbox)
      : app.store.accountIdOfToken(token, app.now()));
    // Nobody reads a mailbox at our own domain.
    if (accountId === null && isAddressAt(mailbox, app.config.domain)) continue;
    const recipient = accountId === null ? signedForIt(mailbox) : await recipients(accountId);
    if (recipient === null || !recipient.isOwn(mailbox)) continue;
    const origin = originOfMail(mail, read, recipient, app);
    if (origin.verdict !== "bank-signed") continue;
    if (accountId === null) return held(mailbox, read, origin, app);
    return judgeAlert(accountId, mail, read, recipients, app).then((judgement) => ({ ...judgement, accountId }));
  }
  return nobody;
}

/** Whoever reads that mailbox: nothing of theirs is known. */
function signedForIt(mailbox: string): Recipient {
  const isOwn = (address: string): boolean => normaliseEmail(address) === mailbox;
  return { isOwn, isProven: isOwn, trustedRoutes: new Set(), requiresSignature: true, isLocal: false };
}

function held(mailbox: string, read: Read, origin: Origin, app: App): Judgement {
  // What is not understood yet may tell of a purchase once a parser has learnt more.
  if (spendingOf(read.events).length === 0 && read.outcome !== "not_understood") {
    return { outcome: "unknown_recipient", reason: "It was sent to the shared address, and tells of no purchase." };
  }
  return {
    outcome: "held",
    reason: "A bank signed it for a mailbox that has no account here yet.",
    heldFor: mailbox,
    heldLetterId: newToken(app.random, 10),
    ...whatIsKnown(origin),
  };
}

function originOfMail(mail: ClaimedMail, read: Read, recipient: Recipient, app: App): Origin {
  const facts = {
    pinnedDomains: pinnedDomainsOf(read.institution),
    sender: read.sender,
    receivedAt: Temporal.Instant.fromEpochMilliseconds(mail.receivedAt),
    now: app.now(),
  };
  const { forward, ...own } = read.check;
  const ofItself = originOf({ ...facts, ...own, forwardedBy: null }, recipient);
  // An original that hung on a forward may carry a signature of its own that holds.
  if (forward === null || ofItself.verdict === "bank-signed") return ofItself;
  const { by, ...ofForward } = forward;
  return originOf({ ...facts, ...ofForward, forwardedBy: by }, recipient);
}

function pinnedDomainsOf(institution: string | null): readonly string[] | null {
  return parsers.find(({ id }) => id === institution)?.dkimDomains ?? null;
}

function whatIsKnown(origin: Origin): Pick<Judgement, "verdict" | "signedBy" | "routeInDoubt"> {
  return {
    verdict: origin.verdict,
    signedBy: origin.verdict === "bank-signed" ? origin.signedBy : null,
    routeInDoubt: origin.verdict === "suspect" ? origin.route : null,
  };
}

/** Only a rule of the person's own, or one that the operator made everybody's, books what no parser knows. */
async function readByRulesOf(accountId: string, read: Read, app: App): Promise<RuleReading | null> {
  return readByRules(await app.store.readingRules(accountId, read.sender, read.guess?.shape ?? null), read);
}

function judge(
  accountId: string,
  mail: ClaimedMail,
  read: Read,
  byRule: RuleReading | null,
  origin: Origin,
  app: App,
): Judgement {
  const { institution } = read;
  if (byRule !== null) return judgeByRule(accountId, mail, read, byRule, origin, app);
  if (institution === null || read.outcome === "unknown_sender") return unknownSender(read);
  if (read.outcome === "not_understood") return { outcome: "review", reason: read.reason };
  if (spendingOf(read.events).length === 0) {
    return { outcome: "not_a_purchase", reason: read.reason || "Nothing in it is spending." };
  }
  if (origin.verdict === "suspect" || origin.verdict === "unverified") {
    return { outcome: "review", reason: origin.reason };
  }
  const signedBy = origin.verdict === "bank-signed" ? origin.signedBy : null;
  const owner = { accountId, mailId: mail.id, institution, origin: "addressed", signedBy } as const;
  const reason = isRecovered(read.check) ? RECOVERED : "";
  return { outcome: "booked", reason, purchases: purchasesOf(read.events, owner, app) };
}

function unknownSender({ guess, reason }: Read): Judgement {
  const isGuessed = guess !== null;
  return {
    outcome: "review",
    reason: isGuessed ? "We do not know this sender yet. What we read is a guess until you say so." : reason,
  };
}

function judgeByRule(
  accountId: string,
  mail: ClaimedMail,
  { sender }: Read,
  { ruleId, event, reason }: RuleReading,
  origin: Origin,
  app: App,
): Judgement {
  if (event === null) return { outcome: "review", reason };
  if (spendingOf([event]).length === 0)
    return { outcome: "not_a_purchase", reason: "Nothing in it is spending.", ruleId };
  if (origin.verdict === "suspect" || origin.verdict === "unverified") {
    return { outcome: "review", reason: origin.reason };
  }
  const institution = senderDomain(sender);
  const owner = { accountId, mailId: mail.id, institution, origin: "addressed", signedBy: null } as const;
  return { outcome: "booked", reason: "", ruleId, purchases: purchasesOf([event], owner, app) };
}

/** A mail that was interpreted before: what was booked for it keeps its place, and is never taken back for a doubt. */
async function again(accountId: string, mail: ClaimedMail, judgement: Judgement, app: App): Promise<Judgement> {
  const isBooked = mail.outcome === "booked";
  if (isBooked && judgement.outcome === "review") {
    return { ...judgement, outcome: "booked", reason: "" };
  }
  const booked = await app.store.bookedOf(accountId, mail.id);
  return { ...judgement, ...bookingsAnew(booked, judgement.purchases ?? []) };
}
