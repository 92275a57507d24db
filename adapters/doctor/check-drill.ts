import { readDrillRecord, type DrillRecord } from "../dumps/drill-record.ts";
import { findingsOf, type Finding, type OutsideCheck } from "./finding.ts";

const { green, yellow, red } = findingsOf("drill");

// A day, and what a drill may begin and end later than the one before.
const OLD_HOURS = 26;
const FIX =
  "Make a dump, which is then tried: sudo systemctl start wtmm-dump; the journal says how that went: journalctl -u wtmm-drill";

/** Whether a dump was restored lately, and found to be whole. Not a part of `--offline`: no deploy has to wait for a drill. */
export function checkDrill(
  recordOf: (dataDir: string) => DrillRecord | null = readDrillRecord,
  now: () => Temporal.Instant = () => Temporal.Now.instant(),
): OutsideCheck {
  return {
    name: "drill",
    of: "outside",
    async look({ s3, dataDir }) {
      return s3 === null ? [] : [judged(recordOf(dataDir), now())];
    },
  };
}

function judged(record: DrillRecord | null, now: Temporal.Instant): Finding {
  if (record?.state === "failed") return red(`The last drill failed: ${record.reason ?? ""}`, FIX);
  if (record === null || record.proven === null) return yellow("No restore was proven yet.", FIX);
  const hours = Math.floor(now.since(record.proven.at).total("hours"));
  const seconds = (record.proven.tookMs / 1_000).toFixed(1);
  if (hours >= OLD_HOURS) return red(`The last proven restore is ${hours} hours old.`, FIX);
  return green(`The last proven restore is ${hours} hours old, and took ${seconds} s: ${record.proven.dump}.`);
}
