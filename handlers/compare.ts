import { newToken } from "../access/tokens.ts";
import type { Comparison } from "../adapters/libsql-comparisons.ts";
import type { App, Summary } from "../app.ts";
import { lookAlikes, NEAR_MS } from "../ledger/look-alikes.ts";

// What they come to is written down without a pause.
const BATCH = 200;
// Before each of them requests are answered, and what the first ones came to waits meanwhile.
const ACCOUNTS = 16;

/**
 * Compares purchases that are new with those near them, account by account, and proposes those that may be one to their
 * person. It joins nothing. What it did not get to is compared the next time.
 */
export async function compare(app: App): Promise<Summary> {
  const comparisons: Comparison[] = [];
  let left = BATCH;
  for (const accountId of await app.store.accountsToCompare(ACCOUNTS)) {
    if (left === 0 || app.stopping.aborted) break;
    await app.giveWay();
    const found = await app.store.purchasesToCompare(accountId, NEAR_MS, left);
    if (found === null) continue;
    const { fresh, all, compared } = found;
    const proposals = lookAlikes(fresh, all).map((pair) => ({ ...pair, id: newToken(app.random, 10) }));
    comparisons.push({ accountId, compared, proposals });
    left -= compared.length;
  }
  if (comparisons.length === 0) return {};
  await app.giveWay();
  await app.store.proposeLookAlikes(comparisons, app.now());
  app.wake("compare");
  return {
    compared: BATCH - left,
    proposed: comparisons.flatMap(({ proposals }) => proposals).length,
  };
}
