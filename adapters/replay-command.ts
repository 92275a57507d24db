import * as v from "valibot";

/** Has a command carried out where the store is written, and gives what came of it. */
export type OperatorCall = (command: string, body: unknown) => Promise<unknown>;

/** Where a command says what it does: lines to keep, and a line that is replaced by the next one. */
export type Terminal = { readonly say: (line: string) => void; readonly progress: (line: string) => void };

const step = v.object({
  read: v.number(),
  changes: v.array(v.object({ mailId: v.string(), says: v.string() })),
  next: v.nullable(v.number()),
});
const APPLIED_AT_ONCE = 200;
const LINES_SHOWN = 200;

/**
 * Reads kept mails again step by step, says what would change, and has that changed unless it is only to be shown. May be
 * stopped at any moment: what was changed by then stays, and the next run finds the rest.
 *
 * @throws AppError or Error with a sentence when the service refuses or stops
 */
export async function replayCommand(
  range: { readonly since: string | null; readonly account: string | null; readonly dryRun: boolean },
  call: OperatorCall,
  { say, progress }: Terminal,
): Promise<void> {
  const { since, account, dryRun } = range;
  const changed: string[] = [];
  let read = 0;
  let shown = 0;
  for (let after: number | null = 0; after !== null;) {
    const found: v.InferOutput<typeof step> = v.parse(step, await call("replay", { since, account, after }));
    read += found.read;
    for (const { mailId, says } of found.changes) {
      changed.push(mailId);
      if (says !== "" && (shown += 1) <= LINES_SHOWN) say(says);
    }
    progress(`${mails(read)} read, ${changed.length} would change`);
    after = found.next;
  }
  progress("");
  if (shown > LINES_SHOWN) say(`… and ${shown - LINES_SHOWN} more.`);
  say(`${mails(read)} read: ${summary(shown, changed.length - shown)}`);
  if (!dryRun && changed.length > 0) await change(changed, call, { say, progress });
}

function summary(booked: number, onlyShown: number): string {
  const parts = [
    ...(booked === 0 ? [] : [`${booked} booked otherwise`]),
    ...(onlyShown === 0 ? [] : [`${onlyShown} shown with another text or reason`]),
  ];
  return parts.length === 0 ? "nothing changes." : `${parts.join(", ")}.`;
}

async function change(mailIds: readonly string[], call: OperatorCall, { say, progress }: Terminal): Promise<void> {
  let left = 0;
  for (let first = 0; first < mailIds.length; first += APPLIED_AT_ONCE) {
    const some = mailIds.slice(first, first + APPLIED_AT_ONCE);
    left += v.parse(v.number(), await call("replay-apply", { mailIds: some }));
    progress(`${first + some.length} of ${mailIds.length} changed`);
  }
  progress("");
  const changed = `${mails(mailIds.length - left)} changed`;
  say(left === 0 ? `${changed}.` : `${changed}, ${left} still wait to be read.`);
}

function mails(count: number): string {
  return count === 1 ? "1 mail" : `${count} mails`;
}
