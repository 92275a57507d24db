import * as v from "valibot";

import { instant, recordFile, RUN } from "./run-record.ts";

const RECORD = v.object({
  ...RUN.entries,
  /** When the newest dump was made that succeeded. */
  lastDumpAt: v.nullable(instant),
});

/** How the last run of `wtmm dump` went, and when one last succeeded. */
export type DumpRecord = v.InferOutput<typeof RECORD>;

/** What is known of dumps, and how it is written down. */
export const { read: readDumpRecord, write: writeDumpRecord } = recordFile("last-run.json", RECORD);
