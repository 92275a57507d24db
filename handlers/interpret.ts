import type { Interpretation, MailOutcome } from "../adapters/libsql-interpretation.ts";
import type { ClaimedMail } from "../adapters/libsql-queue.ts";
import type { App, Summary } from "../app.ts";
import { AppError } from "../errors.ts";
import { judgeMail } from "./judge-mail.ts";
import { isRecovered } from "./origin-check.ts";
import { openRecipients, type Recipients } from "./recipients.ts";
import { readOutside, type ReadMail } from "./read-mail.ts";
import { checkFrom, storeCheck, storeReading } from "./stored-reading.ts";

type Read = Extract<ReadMail, { state: "read" }>;

const BATCH = 32;
const LEASE_MS = 60_000;
const BATCH_LIMIT_MS = 1_000;
// Handing mails to the reader one by one costs as much as reading a small one; what is read ahead in vain costs as well.
const AHEAD = 8;
// Mails that take longer than that one with another are not worth reading ahead.
const QUICK_MS = 30;
// Of these the beginning is kept.
const NOBODYS: ReadonlySet<MailOutcome> = new Set(["unknown_recipient", "signup"]);
// A mail that brought the process down this often is not tried again by itself. Who is unlucky with the power is not yet to blame.
const MAX_ATTEMPTS = 8;

/**
 * Interprets a batch of the mails that wait, oldest first, and asks to go on when there may be more. It gives way to
 * requests. The batch is written whole or not at all: after a crash its mails simply wait again.
 */
export async function interpret(app: App): Promise<Summary> {
  await app.quiet();
  const began = app.now();
  const claimed = await app.store.claimMails(began, LEASE_MS, BATCH);
  const done: Interpretation[] = [];
  const recipients = openRecipients(app);
  const interpretAll = async (): Promise<void> => {
    for await (const { mail, read } of readAhead(claimed, recipients, app)) {
      done.push(await interpretRead(mail, read, recipients, app));
      // Slow mails must not hold back what is understood, nor a stop; what is left is taken up again.
      if (millisecondsSince(began, app) > BATCH_LIMIT_MS || app.stopping.aborted) break;
    }
  };
  await interpretAll().catch((error: unknown) => giveBack(claimed, error, app));
  await app.giveWay();
  const counts = await app.store.finishMails(done).catch((error: unknown) => giveBack(claimed, error, app));
  await app.store.releaseMails(claimed.slice(done.length).map(({ id }) => id));
  if (done.length < claimed.length || claimed.length === BATCH || claimed.some(({ attempts }) => attempts > 1))
    app.wake("interpret");
  wakeOthers(done, app);
  if (done.some(({ outcome }) => NOBODYS.has(outcome))) await app.store.dropUnknownMails(app.now());
  return counts;
}

/** What is to be done about what was found is somebody else's. */
function wakeOthers(done: readonly Interpretation[], app: App): void {
  if (done.some(({ carried }) => carried.length > 0)) app.wake("interpret");
  if (done.some(({ purchases }) => purchases.length > 0)) app.wake("compare");
  if (done.some(({ confirmation }) => confirmation?.isDue)) app.wake("confirm-forwarding");
  if (done.some(({ signUp, heldLetterId }) => signUp !== null || heldLetterId !== null)) app.wake("outbox");
}

/** When there is nobody to read just now, or no room to write, no mail may lose an attempt over that. */
async function giveBack(claimed: readonly ClaimedMail[], error: unknown, app: App): Promise<never> {
  if (isOutage(error)) await app.store.releaseMails(claimed.map(({ id }) => id));
  throw error;
}

function isOutage(error: unknown): boolean {
  return error instanceof AppError && error.code === "unavailable";
}

/** What a mail as it is claimed comes to: nothing is written. */
export async function interpretMail(claimed: ClaimedMail, recipients: Recipients, app: App): Promise<Interpretation> {
  const payload = isTried(claimed) ? await app.store.payload(claimed.id) : null;
  return interpretRead(claimed, await readClaimed(claimed, payload, recipients, app), recipients, app);
}

type ReadClaim = { readonly mail: ClaimedMail; readonly read: ReadMail };

/**
 * What the mails say, in their order. The first is read alone, and then some at once for as long as they are quick: of
 * slow ones none is read whose turn may not come.
 */
async function* readAhead(
  claimed: readonly ClaimedMail[],
  recipients: Recipients,
  app: App,
): AsyncGenerator<ReadClaim, void> {
  let workedMs = 0;
  for (let next = 0; next < claimed.length;) {
    const isQuick = next > 0 && workedMs < next * QUICK_MS;
    const mails = claimed.slice(next, next + (isQuick ? AHEAD : 1));
    await app.giveWay();
    const began = app.now();
    const payloads = await app.store.payloads(mails.filter(isTried).map(({ id }) => id));
    const reads = mails.map(async (mail) => ({
      mail,
      read: await readClaimed(mail, payloads.get(mail.id) ?? null, recipients, app),
    }));
    // Nobody may come to ask for them.
    for (const read of reads) read.catch(() => {});
    yield* reads;
    next += mails.length;
    workedMs += millisecondsSince(began, app);
  }
}

function millisecondsSince(began: Temporal.Instant, app: App): number {
  return began.until(app.now()).total("milliseconds");
}

async function interpretRead(
  claimed: ClaimedMail,
  read: ReadMail,
  recipients: Recipients,
  app: App,
): Promise<Interpretation> {
  if (read.state !== "read") return unread(claimed, read, app);
  const mail = claimed.route === "unreadable" ? await routedAnew(claimed, read, app) : claimed;
  const judgement = await judgeMail(mail, read, recipients, app);
  return {
    ...base(mail, app),
    institution: read.institution,
    sender: read.sender,
    subject: read.subject,
    mailDate: read.date,
    identity: { messageIds: [...read.messageIds, ...deliveryIdOf(mail.id, read)], bodySha256: read.bodySha256 },
    reading: storeReading(read),
    payload: NOBODYS.has(judgement.outcome) ? read.beginning : read.replacement,
    originCheck: storeCheck(read.check),
    ...judgement,
  };
}

/**
 * What one delivery is known by when it came twice: out of our provider's archive, and by the webhook. The archive may lack
 * the header that names the mail; the provider's id is the same.
 */
function deliveryIdOf(mailId: string, { check }: Read): string[] {
  const [, beside] = /^(.+)\.[0-9a-f]{64}$/.exec(mailId) ?? [];
  if (beside !== undefined) return [`delivery:${beside}`];
  return isRecovered(check) ? [`delivery:${mailId}`] : [];
}

/** What may have stopped the program is not touched again, not even loaded. */
function isTried({ attempts }: ClaimedMail): boolean {
  return attempts <= MAX_ATTEMPTS;
}

async function readClaimed(
  mail: ClaimedMail,
  payload: Uint8Array | null,
  recipients: Recipients,
  app: App,
): Promise<ReadMail> {
  if (!isTried(mail)) {
    return { state: "gave_up", reason: "The program stopped several times while it read this mail." };
  }
  if (payload === null) return { state: "gave_up", reason: "The mail's text is missing." };
  return app.readMail(payload, {
    receivedAt: Temporal.Instant.fromEpochMilliseconds(mail.receivedAt),
    // Whose what could not be read on arrival is, its reading will tell.
    hasAccount: mail.accountId !== null || mail.route === "unreadable",
    usualCurrency: mail.accountId === null ? null : ((await recipients(mail.accountId))?.usualCurrency ?? null),
    check: checkFrom(mail),
  });
}

/** Nobody could tell on arrival whose it is; this release can. */
async function routedAnew(mail: ClaimedMail, { route }: Read, app: App): Promise<ClaimedMail> {
  const accountId = route.kind === "alert" ? await app.store.accountIdOfToken(route.token, app.now()) : null;
  return { ...mail, route: route.kind, accountId: mail.accountId ?? accountId };
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
    ruleId: null,
    identity: null,
    reading: null,
    payload: null,
    originCheck: null,
    verdict: null,
    signedBy: null,
    routeInDoubt: null,
    heldFor: null,
    heldLetterId: null,
    tryAgainAt: null,
    purchases: [],
    withdrawn: [],
    carried: [],
    sampleCode: null,
    confirmation: null,
    signUp: null,
  };
}

async function unread(mail: ClaimedMail, read: Exclude<ReadMail, Read>, app: App): Promise<Interpretation> {
  if (read.state === "unreadable") {
    return { ...base(mail, app), outcome: "unreadable", reason: "The delivery is not in the form that was agreed." };
  }
  const payload = isTried(mail) ? await app.store.payload(mail.id) : null;
  return { ...base(mail, app), ...(payload === null ? {} : readOutside(payload)), reason: read.reason };
}
