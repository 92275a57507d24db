import { newToken } from "../access/tokens.ts";
import type { App, Summary } from "../app.ts";
import { healthWarnings, type HealthWarnings } from "./health-warnings.ts";
import type { Alarm } from "./letters/alarm.ts";

/**
 * The warnings that the operator is written to about: those of what nobody notices until the machine is lost. Everything
 * else shows itself.
 */
const ALARMING: { readonly [Name in keyof HealthWarnings]?: string } = {
  lastDump: "The last dump",
  lastProvenRestore: "The last proven restore",
  journalBehind: "The journal of changes",
};

/**
 * Writes the operator a letter when dumps, drills or the journal need somebody: one in a day, one when all of it is well
 * again, and one at once when it breaks after that. What was written stands in the store, so that a restart begins nothing
 * anew. Nobody is written to when OPERATOR_EMAIL is not set.
 */
export async function alarm(app: App): Promise<Summary> {
  const to = app.config.operatorEmail;
  if (to === null) return { written: 0 };
  const letter = { id: newToken(app.random, 10), to, at: app.now() };
  const isAlarming = (await alarmsIn(app)).length > 0;
  const isWritten = await (isAlarming ? app.store.addAlarm(letter) : app.store.addAllClear(letter));
  if (isWritten) app.wake("outbox");
  return { written: isWritten ? 1 : 0 };
}

/** What there is to write to the operator about, as things stand. */
export async function alarmsIn(app: App): Promise<Alarm[]> {
  return alarming(await healthWarnings(app));
}

function alarming(warnings: HealthWarnings): Alarm[] {
  const reasons = new Map(Object.entries(warnings).map(([name, { reason }]) => [name, reason]));
  return Object.entries(ALARMING).flatMap(([name, what]) => {
    const reason = reasons.get(name) ?? null;
    return reason === null ? [] : [{ what, reason }];
  });
}
