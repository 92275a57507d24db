import { hashToken } from "../access/tokens.ts";
import { normaliseEmail } from "../access/email-address.ts";
import type { Interpretation, MailOutcome } from "../adapters/libsql-interpretation.ts";
import type { ClaimedMail } from "../adapters/libsql-queue.ts";
import type { App, Summary } from "../app.ts";
import { AppError } from "../errors.ts";
import { parsers } from "../parsers/registry.ts";
import { purchasesOf, spendingOf } from "./booking.ts";
import { newAccount } from "./new-account.ts";
import { readOutside, type ReadMail } from "./read-mail.ts";
import { sampleEvent } from "./sample.ts";
import { storeReading } from "./stored-reading.ts";

type Read = Extract<ReadMail, { state: "read" }>;
type Verdict = Pick<Interpretation, "outcome" | "reason"> &
  Partial<Pick<Interpretation, "purchases" | "sampleCode" | "confirmation" | "signUp">>;

const BATCH = 32;
const LEASE_MS = 60_000;
const BATCH_LIMIT_MS = 1_000;
// A mail that brought the process down this often is not tried again by itself.
const MAX_ATTEMPTS = 4;

/**
 * Interprets a batch of the mails that wait, oldest first, and asks to go on when there may be more. It gives way to
 * requests. The batch is written whole or not at all: after a crash its mails simply wait again.
 */
export async function interpret(app: App): Promise<Summary> {
  await app.quiet();
  const began = app.now();
  const claimed = await app.store.claimMails(began, LEASE_MS, BATCH);
  const done: Interpretation[] = [];
  for (const mail of claimed) {
    // Slow mails must not hold back what is understood, nor a stop; what is left is taken up again.
    const isLate = began.until(app.now()).total("milliseconds") > BATCH_LIMIT_MS;
    if (done.length > 0 && (isLate || app.stopping.aborted)) break;
    done.push(
      await interpretMail(mail, app).catch(async (error: unknown) => {
        // There is nobody to read just now. No mail may lose an attempt over that.
        if (isOutage(error)) await app.store.releaseMails(claimed.map(({ id }) => id));
        throw error;
      }),
    );
  }
  await app.store.finishMails(done);
  await app.store.releaseMails(claimed.slice(done.length).map(({ id }) => id));
  if (done.length < claimed.length || claimed.length === BATCH || claimed.some(({ attempts }) => attempts > 1))
    app.wake("interpret");
  if (done.some((mail) => mail.signUp !== null)) app.wake("outbox");
  return countVerdicts(done);
}

function isOutage(error: unknown): boolean {
  return error instanceof AppError && error.code === "unavailable";
}

/** What the mails said; which of them came before is decided when they are written. */
function countVerdicts(done: readonly Interpretation[]): Summary {
  const counts: Partial<Record<MailOutcome, number>> = {};
  for (const { outcome } of done) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function interpretMail(claimed: ClaimedMail, app: App): Promise<Interpretation> {
  const read = await readClaimed(claimed, app);
  if (read.state !== "read") return unread(claimed, read, app);
  const mail = claimed.route === "unreadable" ? await routedAnew(claimed, read, app) : claimed;
  const verdict = verdictOn(mail, read, app);
  return {
    ...base(mail, app),
    institution: read.institution,
    sender: read.sender,
    subject: read.subject,
    mailDate: read.date,
    identity: { messageId: read.messageId, bodySha256: read.bodySha256 },
    reading: storeReading(read),
    payload: read.replacement,
    ...verdict,
  };
}

async function readClaimed(mail: ClaimedMail, app: App): Promise<ReadMail> {
  if (mail.attempts > MAX_ATTEMPTS) {
    return { state: "gave_up", reason: "The program stopped several times while it read this mail." };
  }
  const payload = await app.store.payload(mail.id);
  if (payload === null) return { state: "gave_up", reason: "The mail's text is missing." };
  return app.readMail(payload, Temporal.Instant.fromEpochMilliseconds(mail.receivedAt));
}

/** Nobody could tell on arrival whose it is; this release can. */
async function routedAnew(mail: ClaimedMail, { route }: Read, app: App): Promise<ClaimedMail> {
  const accountId = route.kind === "alert" ? await app.store.accountIdOfToken(route.token) : null;
  return { ...mail, route: route.kind, accountId };
}

function base(mail: ClaimedMail, app: App): Interpretation {
  return {
    mailId: mail.id,
    accountId: mail.accountId,
    outcome: "review",
    reason: "",
    institution: null,
    sender: "",
    subject: "",
    mailDate: null,
    interpretedAt: app.now().epochMilliseconds,
    identity: null,
    reading: null,
    payload: null,
    purchases: [],
    sampleCode: null,
    confirmation: null,
    signUp: null,
  };
}

async function unread(mail: ClaimedMail, read: Exclude<ReadMail, Read>, app: App): Promise<Interpretation> {
  if (read.state === "unreadable") {
    return { ...base(mail, app), outcome: "unreadable", reason: "The delivery is not in the form that was agreed." };
  }
  // What may have stopped the program is not touched again.
  const payload = mail.attempts > MAX_ATTEMPTS ? null : await app.store.payload(mail.id);
  return { ...base(mail, app), ...(payload === null ? {} : readOutside(payload)), reason: read.reason };
}

function verdictOn(mail: ClaimedMail, read: Read, app: App): Verdict {
  if (mail.route === "signup") return signUpVerdict(mail, read, app);
  if (mail.accountId === null) return { outcome: "unknown_recipient", reason: "It was sent to no live alert address." };
  if (read.isOurs) return sampleVerdict(mail.accountId, mail, read, app);
  if (read.confirmation !== null) {
    return { outcome: "confirmation", reason: "A request to confirm forwarding.", confirmation: read.confirmation };
  }
  return alertVerdict(mail.accountId, mail, read, app);
}

function signUpVerdict(mail: ClaimedMail, read: Read, app: App): Verdict {
  const address = normaliseEmail(read.sender);
  // Without the sender's own signature anyone could make us write to anybody.
  if (address === null || read.isOurs || !read.aligned) {
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

function sampleVerdict(accountId: string, mail: ClaimedMail, read: Read, app: App): Verdict {
  if (read.sampleCode === null) return { outcome: "ours", reason: "A letter of ours that came back." };
  const owner = { accountId, mailId: mail.id, institution: "sample", origin: "sample" } as const;
  return {
    outcome: "booked",
    reason: "The sample alert you asked for.",
    sampleCode: read.sampleCode,
    purchases: purchasesOf([sampleEvent(mail.receivedAt)], owner, app),
  };
}

function alertVerdict(accountId: string, mail: ClaimedMail, read: Read, app: App): Verdict {
  const institution = read.institution;
  if (institution === null || read.outcome === "unknown_sender") {
    return { outcome: "review", reason: "We do not know this sender yet, so nothing was read from its mail." };
  }
  if (read.outcome === "not_understood") return { outcome: "review", reason: read.reason };
  const spending = spendingOf(read.events);
  if (spending.length === 0) return { outcome: "not_a_purchase", reason: read.reason || "Nothing in it is spending." };
  if (!isEstablished(institution, read, app)) {
    return {
      outcome: "review",
      reason: "The bank's signature could not be confirmed, so this was not booked by itself.",
    };
  }
  const owner = { accountId, mailId: mail.id, institution, origin: "addressed" } as const;
  return { outcome: "booked", reason: "", purchases: purchasesOf(read.events, owner, app) };
}

/**
 * Whether the mail's origin is sure enough to book it: sent to the account's own secret address and signed by the
 * sender's domain according to our provider. In local mode nothing reaches us from outside.
 */
function isEstablished(institution: string, read: Read, app: App): boolean {
  if (app.config.local) return true;
  const isKnownToSign = parsers.some((parser) => parser.id === institution && parser.dkimDomains.length > 0);
  return read.aligned || !isKnownToSign;
}
