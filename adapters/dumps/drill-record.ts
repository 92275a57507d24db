import * as v from "valibot";

import { instant, recordFile, RUN } from "./run-record.ts";

const RECORD = v.object({
  ...RUN.entries,
  /** The restore that was proven last. */
  proven: v.nullable(v.object({ at: instant, dump: v.string(), tookMs: v.number() })),
});

/** How the last drill of the newest dump went, and which was proven last. */
export type DrillRecord = v.InferOutput<typeof RECORD>;

/** What is known of drills, and how it is written down. */
export const { read: readDrillRecord, write: writeDrillRecord } = recordFile("last-drill.json", RECORD);
