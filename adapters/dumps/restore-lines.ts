import type { LeftAside } from "../journal/find-segments.ts";
import type { Restored } from "./restore.ts";

/**
 * What an operator is told of the journal and of erased accounts.
 *
 * @param wasLookedAt false when there was no bucket to look in
 * @returns lines for a terminal; one in capitals is about what is missing
 */
export function outsideLines({ replayed, erased }: Restored, wasLookedAt: boolean): string[] {
  if (!wasLookedAt) {
    return [
      "Neither the journal nor the list of erased accounts was looked at, since no bucket is set: what was written after the dump",
      "is missing, and who was erased since then is back. Set S3_BUCKET and the rest to have both.",
    ];
  }
  return [...journalLines(replayed), ...(erased === 0 ? [] : [`${erased} erased accounts were taken out again.`])];
}

function journalLines(replayed: Restored["replayed"]): string[] {
  if (replayed === null) return ["The dump is from before there was a journal: what was written after it is missing."];
  const { changes, mails, until, stoppedBy, leftAside } = replayed;
  const came =
    until === null
      ? "Nothing came from the journal."
      : `${changes} changes came from the journal, ${mails} mails among them. It goes up to ${until.toString()}.`;
  const lines = [came, ...leftAside.map(leftAsideLine)];
  if (stoppedBy === null) return lines;
  return [
    ...lines,
    "THE JOURNAL IS NOT COMPLETE, AND WHAT WAS WRITTEN AFTER THAT IS MISSING.",
    stoppedBy,
    "What people changed since then is lost. Mails come again: the service asks Postmark for them when it starts, or now:",
    "wtmm recover. Another dump may lie behind the gap: wtmm dumps lists them.",
  ];
}

function leftAsideLine({ timeline, parts, until }: LeftAside): string {
  const upTo = until === null ? "that can't be read" : `up to ${until.toString()}`;
  return `Left aside, since a restore gave it up: journal/${timeline}/, ${parts} parts ${upTo}.`;
}
