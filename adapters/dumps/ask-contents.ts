import * as v from "valibot";

import { askProcess, nodeCommand } from "./ask-process.ts";
import { CONTENTS } from "./dump-manifest.ts";

const ANSWER = v.union([v.object({ contents: CONTENTS }), v.object({ refusal: v.string() })]);

/** What the process says once: what the database holds, or why it is none, as the end of a sentence. */
export type ContentsAnswer = v.InferOutput<typeof ANSWER>;

/**
 * Has a database looked through that nobody writes, by a process of its own: the file is mapped there, and a disk that can't
 * be read then ends the process.
 *
 * @param signal ends it
 * @throws Error as the end of a sentence, when it could not be looked through; the signal's reason
 */
export async function askContents(file: string, signal: AbortSignal): Promise<ContentsAnswer> {
  const command = nodeCommand("contents-process", file);
  return askProcess(command, ANSWER, { signal });
}
