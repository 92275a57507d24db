import type { Archive, ArchivedMail } from "../adapters/postmark-archive.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { bringBack, keptAmong, type BroughtBack, type MissingMail, type Patience } from "./bring-back.ts";

/** For how long Postmark keeps a mail. */
export const KEPT = { hours: 45 * 24 };

/** What a recovery came to: counts of mails that Postmark took for us. Plain values. */
export type Recovered = BroughtBack & {
  /** An ISO instant. */
  readonly since: string;
  /** An ISO instant, when Postmark keeps nothing of what came between `since` and then. */
  readonly unknownUntil: string | null;
  readonly total: number;
  /** Were here before. */
  readonly here: number;
};

const PATIENCE: Patience = { lookEveryMs: 500, looks: 120 };
// What moved from one of Postmark's lists to another while they were read shows when they are read again.
const ROUNDS = 3;

/**
 * Brings back the mails that Postmark took since then and that are not here: through the webhook where Postmark still does
 * that, since only so the raw mail comes with it; else out of its archive. May be stopped at any moment and begun again.
 *
 * @param show is told how far it is, in one line
 * @throws AppError `conflict` in local mode, `unavailable` when Postmark can't be asked, the service stops or maintenance
 *   is on: then mails wait outside
 */
export async function recover(
  since: Temporal.Instant,
  app: App,
  show: (line: string) => void,
  patience = PATIENCE,
): Promise<Recovered> {
  const archive = archiveOf(app);
  const count = { here: 0, cameAgain: 0, fromArchive: 0, onTheirWay: 0 };
  const seen = new Set<string>();
  const missing: MissingMail[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { here, lacking } = await look(since, seen, app, show);
    count.here += here;
    if (lacking.length === 0) break;
    const brought = await bringBack(lacking, archive, app, show, patience);
    count.cameAgain += brought.cameAgain;
    count.fromArchive += brought.fromArchive;
    count.onTheirWay += brought.onTheirWay;
    missing.push(...brought.missing);
  }
  return { ...asked(since, app), total: seen.size, ...count, missing };
}

/** What `recover` would find missing. Changes nothing. */
export async function lookForMissing(
  since: Temporal.Instant,
  app: App,
  show: (line: string) => void,
): Promise<Recovered> {
  const { here, lacking } = await look(since, new Set(), app, show);
  const isComing = ({ status }: ArchivedMail): boolean => status === "queued" || status === "scheduled";
  const onTheirWay = lacking.filter(isComing).length;
  const missing = lacking
    .filter((mail) => !isComing(mail))
    .map(({ id }) => ({ id, reason: "It was not asked for yet" }));
  const none = { cameAgain: 0, fromArchive: 0 };
  return { ...asked(since, app), total: here + lacking.length, here, ...none, onTheirWay, missing };
}

function asked(since: Temporal.Instant, { now }: App): Pick<Recovered, "since" | "unknownUntil"> {
  const oldest = now().subtract(KEPT);
  const isTooOld = Temporal.Instant.compare(since, oldest) < 0;
  return { since: since.toString(), unknownUntil: isTooOld ? oldest.toString() : null };
}

/** @throws AppError `conflict` in local mode */
function archiveOf({ recovery }: App): Archive {
  if (recovery.archive !== null) return recovery.archive;
  throw new AppError(
    "conflict",
    "Local mode has no archive: nobody outside keeps its mails, so none can be asked for.",
  );
}

/** Of the mails that Postmark has and that were not `seen`, how many are here and which are not. All are seen then. */
async function look(since: Temporal.Instant, seen: Set<string>, app: App, show: (line: string) => void) {
  const listed = await archiveOf(app).list(since, app.stopping, (found) => show(`${found} mails at Postmark`));
  const fresh = listed.filter(({ id }) => !seen.has(id));
  const kept = await keptAmong(fresh, app);
  for (const { id } of fresh) seen.add(id);
  return { here: kept.size, lacking: fresh.filter(({ id }) => !kept.has(id)) };
}
