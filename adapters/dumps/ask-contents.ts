import * as v from "valibot";

import { scriptBeside } from "../script-beside.ts";
import { askProcess, nodeCommand } from "./ask-process.ts";
import type { DatabaseContents } from "./database-contents.ts";
import { CONTENTS } from "./dump-manifest.ts";

const ANSWER = v.union([v.object({ contents: CONTENTS }), v.object({ refusal: v.string() })]);

/** What the process says once: what the database holds, or why it is none, as the end of a sentence. */
export type ContentsAnswer = v.InferOutput<typeof ANSWER>;

/**
 * Has a database looked through that nobody writes, by a process of its own: the file is mapped there, and a disk that can't
 * be read then ends the process.
 *
 * @param signal ends it
 * @throws Error as the end of a sentence, when it is damaged or could not be read; the signal's reason
 */
export async function askContents(file: string, signal: AbortSignal): Promise<DatabaseContents> {
  const command = nodeCommand(scriptBeside("contents-process", import.meta.url), file);
  const answer = await askProcess(command, ANSWER, { signal });
  if ("refusal" in answer) throw new Error(answer.refusal);
  return answer.contents;
}
