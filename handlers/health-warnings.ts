import type { ServiceState } from "../adapters/libsql-service.ts";
import type { App } from "../app.ts";
import { inWords, isOver, type Age } from "./age.ts";
import { journalWarning, lastDumpWarning, lastProvenRestoreWarning } from "./loss-warnings.ts";
import { maintenanceWarning, type MaintenanceWarning } from "./maintenance.ts";
import { recoveryWarning, type RecoveryWarning } from "./recovery-warning.ts";

/** Something an operator should look at when it has a reason: one sentence on what is wrong and what to do. */
type Reason = { readonly reason: string | null };

/** How often something went wrong since there is a service, and how long ago it last did. */
type Count = Reason & { readonly count: number; readonly lastAgeMs: number | null };

/** What is watched, each with what was found. None of it keeps us from serving. */
export type HealthWarnings = {
  readonly oldestLetterWaiting: Age;
  readonly oldestMailNotInterpreted: Age;
  readonly lastMail: Age;
  readonly unreadableMails: Count;
  readonly refusedLetters: Count;
  readonly tooLargeDeliveries: Count;
  readonly deliveriesOverLimit: Count;
  readonly mailsOnlyCounted: Count;
  readonly unknownMailsDropped: Count;
  /** `share` is from 0 to 1; null when the disk could not be asked. */
  readonly freeDisk: Reason & { readonly share: number | null };
  /** Once dumps are configured. */
  readonly lastDump?: Age;
  readonly lastProvenRestore?: Age;
  /** Of the oldest change that is not in the bucket, once there is one. */
  readonly journalBehind?: Age;
  readonly maintenance: MaintenanceWarning;
  readonly recovery: RecoveryWarning;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

// Somebody sits before an empty mailbox; the provider has failed us several times by then.
const LETTER_WAITS_MS = 10 * MINUTE_MS;
// It is a matter of seconds; even what came in during a restart is through by then.
const MAIL_WAITS_MS = 5 * MINUTE_MS;
// Few people get no alert over a weekend, and a new service has to be found by its first mail.
const NEVER_MS = 48 * HOUR_MS;
// What happened longer ago was either dealt with or has no more to teach.
const RECENT_MS = DAY_MS;
// Twice what is kept for those who have an account: below that, mail for nobody is only counted.
const LITTLE_DISK = 0.2;

/** Finds out what an operator should look at. Costs one query that indexes answer. */
export async function healthWarnings(app: App): Promise<HealthWarnings> {
  const now = app.now();
  const [state, freeDisk] = await Promise.all([app.store.serviceState(now), freeDiskOf(app)]);
  const times = { now, serviceAgeMs: state.serviceAgeMs };
  return {
    ...waitingOf(state),
    ...countedOf(state),
    freeDisk,
    ...(app.config.s3 !== null && {
      lastDump: lastDumpWarning(app.lastDump(), times),
      lastProvenRestore: lastProvenRestoreWarning(app.lastDrill(), times),
    }),
    ...(app.journalBucket !== null && { journalBehind: journalWarning(state.oldestChangeWaitingMs) }),
    maintenance: maintenanceWarning(app),
    recovery: recoveryWarning(app),
  };
}

function waitingOf(state: ServiceState) {
  const { oldestLetterWaitingMs, oldestMailNotInterpretedMs, lastMailAgeMs } = state;
  return {
    oldestLetterWaiting: {
      ageMs: oldestLetterWaitingMs,
      reason: isOver(oldestLetterWaitingMs, LETTER_WAITS_MS)
        ? `A letter has waited for ${inWords(oldestLetterWaitingMs)}: see with \`wtmm doctor\` whether Postmark takes our letters.`
        : null,
    },
    oldestMailNotInterpreted: {
      ageMs: oldestMailNotInterpretedMs,
      reason: isOver(oldestMailNotInterpretedMs, MAIL_WAITS_MS)
        ? `A mail has waited for ${inWords(oldestMailNotInterpretedMs)} to be understood: look in the journal for what fails or takes long.`
        : null,
    },
    lastMail: { ageMs: lastMailAgeMs, reason: silenceOf(state) },
  };
}

function silenceOf({ lastMailAgeMs, serviceAgeMs }: ServiceState): string | null {
  const check = "see with `wtmm doctor` whether the MX record, Postmark and its webhook lead to us.";
  if (isOver(lastMailAgeMs, NEVER_MS)) return `No mail has come for ${inWords(lastMailAgeMs)}: ${check}`;
  if (lastMailAgeMs !== null || !isOver(serviceAgeMs, NEVER_MS)) return null;
  return `No mail has ever come in the ${inWords(serviceAgeMs)} since the first start: ${check}`;
}

function countedOf(state: ServiceState) {
  return {
    unreadableMails: counted(
      state.unreadableMails,
      state.lastUnreadableMailAgeMs,
      "A delivery is not in the form that was agreed with Postmark. It is kept, and read again by each newer release.",
    ),
    refusedLetters: counted(
      state.refusedLetters,
      state.lastRefusedLetterAgeMs,
      "A letter will never be sent: look in the journal for 'letter refused', and at Postmark's suppressed addresses.",
    ),
    tooLargeDeliveries: counted(
      state.tooLargeDeliveries,
      state.lastTooLargeDeliveryAgeMs,
      "A mail was too large for us. Postmark tries again for some hours: raise WEBHOOK_MAX_BYTES if it is to be kept.",
    ),
    deliveriesOverLimit: counted(
      state.deliveriesOverLimit,
      state.lastDeliveryOverLimitAgeMs,
      "An account has had its mail of the day and Postmark keeps the rest for some hours: the journal names the mail, and ACCOUNT_MAILS_PER_DAY and ACCOUNT_BYTES_PER_DAY are the limits.",
    ),
    mailsOnlyCounted: counted(
      state.mailsOnlyCounted,
      state.lastMailOnlyCountedAgeMs,
      "Mail for nobody was not kept, since the disk is nearly full: make room where DATA_DIR lies.",
    ),
    unknownMailsDropped: counted(
      state.unknownMailsDropped,
      state.lastUnknownMailPushedOutAgeMs,
      "More mail came for nobody than is kept of it: somebody may be guessing alert addresses or sending rubbish.",
    ),
  };
}

/** Old counts are no news. */
function counted(count: number, lastAgeMs: number | null, whatToDo: string): Count {
  return { count, lastAgeMs, reason: lastAgeMs !== null && lastAgeMs < RECENT_MS ? whatToDo : null };
}

async function freeDiskOf(app: App): Promise<HealthWarnings["freeDisk"]> {
  try {
    const share = await app.freeDisk();
    if (share >= LITTLE_DISK) return { share, reason: null };
    const percent = Math.floor(share * 100);
    return { share, reason: `Only ${percent} % of the disk is free: make room where DATA_DIR lies.` };
  } catch (error) {
    app.log.error({ err: error }, "unexpected error");
    return { share: null, reason: "The disk does not say how full it is: see whether DATA_DIR can be read." };
  }
}
