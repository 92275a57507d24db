import type { Archive, ArchivedMail } from "../adapters/postmark-archive.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { keepInbound } from "./webhook.ts";

/** How long a mail may take to come; shorter in tests. */
export type Patience = { readonly lookEveryMs: number; readonly looks: number };

/** A mail that is not here after all that was tried, and why. */
export type MissingMail = { readonly id: string; readonly reason: string };

// More than Postmark answers at a time; its own pace is the adapter's.
const TOGETHER = 8;
const ASKED_TOGETHER = 1_000;
const NOT_COME = "Postmark was asked to bring it and it did not come";

/** What became of mails that were not here: how many of them what, and those that still are not. */
export type BroughtBack = {
  readonly cameAgain: number;
  readonly fromArchive: number;
  /** Postmark brings them by itself, sooner or later. */
  readonly onTheirWay: number;
  readonly missing: readonly MissingMail[];
};

/**
 * Brings mails back: through the webhook where Postmark still does that, else out of its archive.
 *
 * @param show is told how far it is, in one line
 * @throws AppError `unavailable` when Postmark can't be asked, the service stops or maintenance is on: then mails wait outside
 */
export async function bringBack(
  lacking: readonly ArchivedMail[],
  archive: Archive,
  app: App,
  show: (line: string) => void,
  patience: Patience,
): Promise<BroughtBack> {
  const { awaited } = app.recovery;
  const asked: ArchivedMail[] = [];
  const refused = new Map<string, string>();
  const fates: Fate[] = [];
  try {
    let done = 0;
    await forEach(lacking, app, async (mail) => {
      awaited.set(mail.id, { wasAcknowledged: mail.status === "processed", hasCome: false });
      const answer = await archive.bringAgain(mail.id, app.stopping);
      if (answer.state === "asked") asked.push(mail);
      else refused.set(mail.id, answer.reason);
      show(`${(done += 1)} of ${lacking.length} missing mails asked for`);
    });
    await arrival(asked, app, show, patience);
    const come = await cameAmong(lacking, app);
    const left = lacking.filter(({ id }) => !come.has(id));
    await forEach(left, app, async (mail) => {
      fates.push(await fetchOrLeave(mail, refused.get(mail.id) ?? NOT_COME, archive, app));
      show(`${fates.length} of ${left.length} mails looked up in the archive`);
    });
    const numberOf = (state: Fate["state"]): number => fates.filter((fate) => fate.state === state).length;
    return {
      cameAgain: come.size + numberOf("came"),
      fromArchive: numberOf("fetched"),
      onTheirWay: numberOf("coming"),
      missing: fates.flatMap((fate) => (fate.state === "missing" ? [{ id: fate.id, reason: fate.reason }] : [])),
    };
  } finally {
    for (const { id } of lacking) awaited.delete(id);
  }
}

/** Waits until they have come, for as long as some still do. */
async function arrival(
  asked: readonly ArchivedMail[],
  app: App,
  show: (line: string) => void,
  { lookEveryMs, looks }: Patience,
): Promise<void> {
  let left = asked.length;
  for (let looked = 0; left > 0 && looked < looks; looked += 1) {
    mayGoOn(app);
    const waiting = asked.length - (await cameAmong(asked, app)).size;
    if (waiting < left) looked = 0;
    left = waiting;
    show(`${asked.length - left} of ${asked.length} mails have come again`);
    if (left > 0) await app.recovery.pause(lookEveryMs, app.stopping);
  }
}

/** Those that are kept, and those that the webhook took and did not have to keep. */
async function cameAmong(mails: readonly ArchivedMail[], app: App): Promise<Set<string>> {
  const come = await keptAmong(mails, app);
  for (const { id } of mails) if (app.recovery.awaited.get(id)?.hasCome === true) come.add(id);
  return come;
}

type Fate = { readonly state: "came" | "fetched" | "coming" } | ({ readonly state: "missing" } & MissingMail);

async function fetchOrLeave(mail: ArchivedMail, whyNot: string, archive: Archive, app: App): Promise<Fate> {
  // Without the raw mail less is known of it, and Postmark goes on bringing it whole.
  if (mail.status === "queued" || mail.status === "scheduled") return { state: "coming" };
  const answer = await archive.details(mail.id, app.stopping);
  if (answer.state === "refused") return { state: "missing", id: mail.id, reason: `${answer.reason} (${whyNot})` };
  // It may have come while we waited for our turn to ask.
  if ((await cameAmong([mail], app)).size > 0) return { state: "came" };
  try {
    await keepInbound(Buffer.from(JSON.stringify(bodyOf(answer.details, mail))), app);
    return { state: "fetched" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: "missing", id: mail.id, reason: error.message };
  }
}

/** What the webhook would have been sent, as far as it is kept, and marked as no more than that. */
function bodyOf(details: Readonly<Record<string, unknown>>, { status }: ArchivedMail): Record<string, unknown> {
  const RecoveredWithoutRawMail = status === "processed" ? true : "never acknowledged";
  // The archive has neither; whoever says so is not believed.
  return { ...details, Attachments: [], RawEmail: "", RecoveredWithoutRawMail };
}

/** Does the work for each, some at a time, and nothing more once it has failed for one. */
async function forEach<T>(all: readonly T[], app: App, work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const one of left) {
      if (hasFailed) return;
      mayGoOn(app);
      await work(one);
    }
  };
  const failing = (error: unknown): never => {
    hasFailed = true;
    throw error;
  };
  await Promise.all(Array.from({ length: TOGETHER }, () => worker().catch(failing)));
}

/** @throws AppError `unavailable` when nothing that is asked for could come */
function mayGoOn({ stopping, maintenance }: App): void {
  if (stopping.aborted) throw new AppError("unavailable", "The service stops. Its next start can go on with it.");
  if (maintenance() !== null) {
    throw new AppError("unavailable", "Maintenance is on, so no mail can come: end it with `wtmm maintenance off`.");
  }
}

/** The ids of those that are kept. */
export async function keptAmong(mails: readonly ArchivedMail[], app: App): Promise<Set<string>> {
  const kept = new Set<string>();
  for (let first = 0; first < mails.length; first += ASKED_TOGETHER) {
    const ids = mails.slice(first, first + ASKED_TOGETHER).map(({ id }) => id);
    for (const id of await app.store.keptAmong(ids)) kept.add(id);
  }
  return kept;
}
