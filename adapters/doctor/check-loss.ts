import * as v from "valibot";

import type { Config } from "../../config.ts";
import type { Age } from "../../handlers/age.ts";
import { journalWarning, lastDumpWarning, lastProvenRestoreWarning } from "../../handlers/loss-warnings.ts";
import { SCHEMA_VERSION } from "../../schema/migrate.ts";
import { databaseFileOf, openToRead } from "../database-file.ts";
import { schemaIn } from "../database-schema.ts";
import { readDrillRecord, type DrillRecord } from "../dumps/drill-record.ts";
import { readDumpRecord } from "../dumps/dump-record.ts";
import { LOSS_AGES_SQL } from "../libsql-service.ts";
import { findingsOf, type Finding, type OutsideCheck } from "./finding.ts";

const AGES = v.object({ serviceAgeMs: v.nullable(v.number()), oldestChangeWaitingMs: v.nullable(v.number()) });
type Ages = v.InferOutput<typeof AGES>;

const HOUR_MS = 60 * 60_000;
const MAKE_DUMP = "Make a dump, which is then tried: sudo systemctl start wtmm-dump";

/**
 * What would be lost with this machine, by what `/health` goes by too: the last dump, the last drill, and the changes that
 * are not in the bucket. Not a part of `--offline`: no deploy has to wait for a drill.
 */
export function checkLoss(now: () => Temporal.Instant = () => Temporal.Now.instant()): OutsideCheck {
  return {
    name: "loss",
    of: "outside",
    async look({ s3, dataDir, databaseUrl, dumpRecipients }) {
      if (s3 === null) return [];
      const at = now();
      const ages = agesIn(databaseUrl, at);
      const times = { now: at, serviceAgeMs: ages?.serviceAgeMs ?? null };
      const dump = lastDumpWarning(readDumpRecord(dataDir), times);
      const drill = readDrillRecord(dataDir);
      return [
        aboutDump(dump),
        aboutDrill(lastProvenRestoreWarning(drill, times), drill),
        ...(ages === null || dumpRecipients.length === 0
          ? []
          : [aboutJournal(journalWarning(ages.oldestChangeWaitingMs))]),
      ];
    },
  };
}

/** Null when there is no file that can be read with this release's schema; what is wrong with it another check says. */
function agesIn(databaseUrl: Config["databaseUrl"], at: Temporal.Instant): Ages | null {
  const file = databaseFileOf(databaseUrl);
  if (file === null) return null;
  try {
    using database = openToRead(file);
    if (database === null) return null;
    const { version, refusal } = schemaIn(database, SCHEMA_VERSION);
    if (version < SCHEMA_VERSION || refusal !== null) return null;
    return v.parse(AGES, database.prepare(LOSS_AGES_SQL).get(at.epochMilliseconds));
  } catch {
    return null;
  }
}

function aboutDump({ ageMs, reason }: Age): Finding {
  const { green, yellow, red } = findingsOf("last dump");
  const fix = `${MAKE_DUMP}; how it went: journalctl -u wtmm-dump`;
  if (reason !== null) return red(reason, fix);
  if (ageMs === null) return yellow("No dump was made on this machine yet.", fix);
  return green(`The last dump is ${inHours(ageMs)} old.`);
}

function aboutDrill({ ageMs, reason }: Age, record: DrillRecord | null): Finding {
  const { green, yellow, red } = findingsOf("drill");
  const fix = `${MAKE_DUMP}; how that went: journalctl -u wtmm-drill`;
  if (reason !== null) return red(reason, fix);
  const proven = record?.proven ?? null;
  if (ageMs === null || proven === null) return yellow("No restore was proven on this machine yet.", fix);
  const seconds = (proven.tookMs / 1_000).toFixed(1);
  return green(`The last proven restore is ${inHours(ageMs)} old, and took ${seconds} s: ${proven.dump}.`);
}

function aboutJournal({ ageMs, reason }: Age): Finding {
  const { green, red } = findingsOf("journal");
  if (reason !== null) return red(reason, "Mend what is said of dumps; else: journalctl -u wtmm | grep journal");
  if (ageMs === null) return green("Every change is in the bucket.");
  return green(`The oldest change that is not in the bucket yet is ${Math.round(ageMs / 1_000)} s old.`);
}

/** A clock that was set back by minutes makes nothing younger than new. */
function inHours(ageMs: number): string {
  return `${Math.max(0, Math.floor(ageMs / HOUR_MS))} hours`;
}
