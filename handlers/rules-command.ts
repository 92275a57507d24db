import type { App } from "../app.ts";
import { AppError } from "../errors.ts";

const DAY_LENGTH = 10;

/** `wtmm rules`: every reading rule in use, a line each, the newest first. */
export async function listRules(app: App): Promise<string[]> {
  const rules = await app.store.rulesInUse();
  if (rules.length === 0) return ["There is no reading rule in use."];
  return rules.map(({ id, sender, version, isShared, createdAt, booked }) => {
    const day = Temporal.Instant.fromEpochMilliseconds(createdAt).toString().slice(0, DAY_LENGTH);
    const whose = isShared === 1 ? "everybody's" : "one account's";
    return `${id}  ${sender}, version ${version} of ${day}, ${whose}, ${booked} booked`;
  });
}

/**
 * `wtmm rules share ID` and `wtmm rules unshare ID`: makes a rule everybody's, or its account's alone again.
 *
 * @throws AppError `not_found` when there is no such rule
 */
export async function shareRule(ruleId: string, isShared: boolean, app: App): Promise<string> {
  const isThere = await app.store.shareReadingRule(ruleId, isShared ? app.now() : null);
  if (!isThere) throw new AppError("not_found", `There is no reading rule ${ruleId}.`);
  return isShared ? `The rule ${ruleId} is everybody's now.` : `The rule ${ruleId} is its account's alone now.`;
}
