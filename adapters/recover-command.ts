import { setTimeout as pause } from "node:timers/promises";

import * as v from "valibot";

import type { OperatorCall, Terminal } from "./replay-command.ts";

const recovered = v.object({
  since: v.string(),
  unknownUntil: v.nullable(v.string()),
  total: v.number(),
  here: v.number(),
  cameAgain: v.number(),
  fromArchive: v.number(),
  onTheirWay: v.number(),
  missing: v.array(v.object({ id: v.string(), reason: v.string() })),
});
type Recovered = v.InferOutput<typeof recovered>;

const LOOK_EVERY_MS = 500;
const WHAT_TO_DO =
  "What is named above is not here. Look it up in Postmark's activity by its id, and see docs/operations.md (Mails that are missing).";

/**
 * Has the mails brought back that Postmark took since then and that are not here, or only counts them; says how far it is,
 * and what came of it.
 *
 * @param isServed false when no service runs: then there is nothing that mails could come to, so they are only counted
 * @returns whether every mail is accounted for
 * @throws AppError or Error with a sentence when the service refuses or Postmark can't be asked
 */
export async function recoverCommand(
  asked: { readonly since: Temporal.Instant | null; readonly isCheck: boolean },
  call: OperatorCall,
  isServed: boolean,
  { say, progress }: Terminal,
): Promise<boolean> {
  const isCheck = asked.isCheck || !isServed;
  const work = call("recover", { since: asked.since?.toString() ?? null, isCheck });
  let isGoing = true;
  const ended = work.then(
    () => (isGoing = false),
    () => (isGoing = false),
  );
  while (isGoing) {
    await Promise.race([ended, pause(LOOK_EVERY_MS)]);
    if (isGoing) progress(v.parse(v.string(), await call("recover-progress", null)));
  }
  progress("");
  const result = v.parse(recovered, await work);
  for (const line of isCheck ? linesOfCheck(result, isServed) : linesOf(result)) say(line);
  if (result.unknownUntil !== null)
    say(`Postmark keeps no mail from before ${result.unknownUntil}: what came until then can't be asked for.`);
  return result.missing.length === 0 && result.unknownUntil === null;
}

function linesOf({ since, total, here, cameAgain, fromArchive, onTheirWay, missing }: Recovered): string[] {
  const accounted = here + cameAgain + fromArchive + onTheirWay;
  const coming = onTheirWay === 0 ? "" : `, ${onTheirWay} are still on their way, which Postmark sees to by itself`;
  return [
    ...missing.map(({ id, reason }) => `missing: ${id}: ${reason}`),
    `${total} mails since ${since}, ${accounted} accounted for: ${here} were here, ${cameAgain} came again, ${fromArchive} were taken from the archive${coming}.`,
    ...(missing.length === 0 ? [] : [WHAT_TO_DO]),
  ];
}

function linesOfCheck({ since, total, here, onTheirWay, missing }: Recovered, isServed: boolean): string[] {
  const coming = onTheirWay === 0 ? "" : `, ${onTheirWay} are on their way`;
  const next = isServed
    ? "Bring them back with `wtmm recover`."
    : "Start the service, so that they can come in, and bring them back with `wtmm recover`.";
  return [
    ...missing.map(({ id }) => `missing: ${id}`),
    `${total} mails since ${since}: ${here} are here${coming}, ${missing.length} are missing.`,
    ...(missing.length === 0 ? [] : [next]),
  ];
}
