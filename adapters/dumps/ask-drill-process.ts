import * as v from "valibot";

import { askProcess, nodeCommand } from "./ask-process.ts";

// A page takes a second of the processor, and a drill gets little of one that others keep busy. The next dump waits for it.
const PATIENCE = Temporal.Duration.from({ hours: 1 });

const ANSWER = v.union([
  v.object({ opened: v.picklist(["one account's", "none"]) }),
  v.object({ refusal: v.string() }),
]);

/** What the process says once: whose numbers were compared, or why they could not be. */
export type DashboardAnswer = v.InferOutput<typeof ANSWER>;

/**
 * Has a dashboard opened on a restored database (`openDashboard`) by a process of its own. Two SQLites in one process don't
 * see each other's locks: the store's driver has one, and everything else in a drill is done by Node's.
 *
 * @param signal ends it
 * @throws Error as the end of a sentence; the signal's reason
 */
export async function askDrillProcess(folder: string, signal: AbortSignal): Promise<"one account's" | "none"> {
  const command = nodeCommand("drill-process", folder);
  const answer = await askProcess(command, ANSWER, { signal, timeoutMs: PATIENCE.total("milliseconds") });
  if ("refusal" in answer) throw new Error(answer.refusal);
  return answer.opened;
}
