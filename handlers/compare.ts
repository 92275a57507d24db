import { newToken } from "../access/tokens.ts";
import type { Comparison } from "../adapters/libsql-look-alikes.ts";
import type { App, Summary } from "../app.ts";
import { lookAlikes, NEAR_MS } from "../ledger/look-alikes.ts";

const BATCH = 200;
// What is written down together costs one sync of the disk.
const ACCOUNTS = 16;

/**
 * Compares purchases that are new with those near them, account by account, and proposes those that may be one to their
 * person. It joins nothing. What it did not get to is compared the next time.
 */
export async function compare(app: App): Promise<Summary> {
  const comparisons: Comparison[] = [];
  let left = BATCH;
  for (const accountId of await app.store.accountsToCompare(ACCOUNTS)) {
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
