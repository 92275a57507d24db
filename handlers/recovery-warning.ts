import type { App } from "../app.ts";

/** Whether mails may be missing: a sentence when they may, and how many could not be brought back when that is known. */
export type RecoveryWarning = { readonly missing: number | null; readonly reason: string | null };

/** What an operator should know of mails that are missing after a restore. */
export function recoveryWarning({ recovery }: App): RecoveryWarning {
  const { archive, state } = recovery;
  const none = { missing: state.state === "done" ? state.missing : null, reason: null };
  if (archive === null) return none;
  if (state.state === "running")
    return { missing: null, reason: `Missing mails are being brought back: ${state.says}.` };
  if (state.state === "done" && state.missing > 0) {
    return {
      missing: state.missing,
      reason: `${state.missing} of the mails that Postmark took are not here: see which with \`wtmm recover\`.`,
    };
  }
  const mark = markOf(recovery);
  if (mark === null) return none;
  const why = state.state === "failed" ? state.reason : "They will be brought back in a moment.";
  return { missing: null, reason: `Mails may be missing since a restore. ${mark ?? why}` };
}

/** Null when nothing is marked, undefined when something is; a sentence when nobody can tell. */
function markOf(recovery: App["recovery"]): string | null | undefined {
  try {
    return recovery.markedSince() === null ? null : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
