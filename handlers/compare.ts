import { newToken } from "../access/tokens.ts";
import type { App, Summary } from "../app.ts";
import { lookAlikes, NEAR_MS } from "../ledger/look-alikes.ts";

const BATCH = 200;

/**
 * Compares purchases that are new with those near them, and proposes those that may be one to their person. It joins
 * nothing. What it did not get to is compared the next time.
 */
export async function compare(app: App): Promise<Summary> {
  await app.giveWay();
  const accountId = await app.store.accountToCompare();
  const found = accountId === null ? null : await app.store.purchasesToCompare(accountId, NEAR_MS, BATCH);
  if (accountId === null || found === null) return {};
  const { fresh, all, compared } = found;
  const proposals = lookAlikes(fresh, all).map((pair) => ({ ...pair, id: newToken(app.random, 10) }));
  await app.giveWay();
  await app.store.proposeLookAlikes({
    accountId,
    compared,
    proposals,
    at: app.now(),
  });
  app.wake("compare");
  return { compared: compared.length, proposed: proposals.length };
}
