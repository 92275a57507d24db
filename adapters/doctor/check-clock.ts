import { databaseFileOf, openToRead } from "../database-file.ts";
import { findingsOf, type MachineCheck, type Finding } from "./finding.ts";

const { green, yellow, red } = findingsOf("clock");

const HOW_TO_SET =
  "timedatectl status   says whether the clock is set by the net; if not: sudo timedatectl set-ntp true";
/** The Date header counts whole seconds, and the answer takes its time. */
const INEXACT_MS = 10_000;
/** Links, signatures and requests for dumps carry times; a quarter of an hour off, the last of them are refused. */
const WRONG_MS = 2 * 60_000;

/** Whether the clock stands behind what it has already stamped; whether it is right only somebody outside knows. */
export function checkClock(now = () => Date.now()): MachineCheck {
  return {
    name: "clock",
    of: "machine",
    async look({ databaseUrl }) {
      const newest = newestIn(databaseUrl);
      const at = now();
      const shown = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: "second" });
      if (newest === null || newest <= at) return [green(`It is ${shown}, and nothing was kept later than that.`)];
      const behind = Math.ceil((newest - at) / 1000);
      return [
        red(`It is ${shown}, ${behind} s before what the database kept last: the clock was set back.`, HOW_TO_SET),
      ];
    },
  };
}

/** How far the clock is from the one that somebody else answered by. */
export function comparedToDate(date: string | null, at: number, whose: string): Finding[] {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return [];
  const apart = Math.abs(theirs - at);
  const side = theirs > at ? "behind" : "ahead of";
  const says = `The clock is ${Math.round(apart / 1000)} s ${side} ${whose}.`;
  if (apart > WRONG_MS) return [red(says, HOW_TO_SET)];
  return [apart > INEXACT_MS ? yellow(says, HOW_TO_SET) : green(`The clock goes like ${whose}.`)];
}

/** When something was kept last, by the clock of then; null when nothing was. */
function newestIn(databaseUrl: string): number | null {
  const file = databaseFileOf(databaseUrl);
  const database = file === null ? null : openToRead(file);
  try {
    const row = database
      ?.prepare(
        `SELECT max(at) AS at FROM (SELECT * FROM (SELECT received_at AS at FROM mails ORDER BY number DESC LIMIT 1)
         UNION ALL SELECT max(last_at) FROM counters)`,
      )
      .get();
    return typeof row?.["at"] === "number" ? row["at"] : null;
  } catch {
    // An empty or a broken database is what the database's own check is about.
    return null;
  } finally {
    database?.close();
  }
}
