import { setTimeout as pause } from "node:timers/promises";

import type { Config } from "../config.ts";
import { openPostmarkArchive, type Archive } from "./postmark-archive.ts";
import { readRecoveryMark, removeRecoveryMark } from "./recovery-mark.ts";

/** A mail that Postmark was asked to bring again. */
export type AwaitedMail = {
  /** It was acknowledged before: no limit of a day may refuse it now. */
  readonly wasAcknowledged: boolean;
  hasCome: boolean;
};

/** How the last recovery of this process went; `says` and `reason` are sentences for the operator. */
export type RecoveryState =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly says: string; readonly ended: Promise<void> }
  | { readonly state: "failed"; readonly reason: string }
  /** It came to its end; `missing` mails could not be brought back. */
  | { readonly state: "done"; readonly missing: number };

/** Bringing back the mails that Postmark has and we lack. */
export type Recovery = {
  /** Null in local mode, which has none. */
  readonly archive: Archive | null;
  /** By id. */
  readonly awaited: Map<string, AwaitedMail>;
  /** Changed by whoever recovers; only one does at a time. */
  state: RecoveryState;
  /** When one that nobody asked for may begin; null for at once. */
  nextAt: Temporal.Instant | null;
  /** How many of those failed in a row. */
  failures: number;
  /**
   * Since when mails may be missing, as a restore marked it; null when none are.
   *
   * @throws Error with a sentence when the mark can't be read
   */
  markedSince(): Temporal.Instant | null;
  /** Says that those since then are accounted for. */
  unmark(since: Temporal.Instant): void;
  /** Resolves after that time, or at once when it is told to stop. */
  pause(ms: number, stop: AbortSignal): Promise<void>;
};

/** Opens what a recovery needs, on an installation's data folder. */
export function openRecovery({ local, dataDir, postmarkServerToken, postmarkApiUrl }: Config): Recovery {
  return {
    archive: local ? null : openPostmarkArchive({ token: postmarkServerToken, apiUrl: postmarkApiUrl }),
    awaited: new Map(),
    state: { state: "none" },
    nextAt: null,
    failures: 0,
    markedSince: () => readRecoveryMark(dataDir),
    unmark: (since) => removeRecoveryMark(dataDir, since),
    pause: pauseFor,
  };
}

/** As `Recovery` says of `pause`. */
export async function pauseFor(ms: number, stop: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: stop }).catch(() => {});
}
