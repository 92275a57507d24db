import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { LookAlikeRow } from "../adapters/libsql-look-alikes.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { mailViewOf } from "./look-alike-views.ts";
import type { MerchantNames } from "./merchant-names.ts";
import type { PurchaseLookAlikes } from "./pages/purchase-look-alikes.ts";
import { pageRow } from "./purchase-rows.ts";

/** What may be, or is, the same purchase as this one, as its page shows it. */
export async function lookAlikesOf(
  { id, joinedInto }: StoredPurchase,
  app: App,
  { accountId, timeZone }: Session,
  names: MerchantNames,
): Promise<PurchaseLookAlikes> {
  const rows = (await app.store.lookAlikesOf(accountId, id)).filter(isShown);
  if (rows.length === 0) return { countedAs: null, pairs: [], joined: [] };
  const counted = await app.store.countedWith(accountId, id);
  const others = rows.map((row) => ({
    id: row.id,
    state: row.decision,
    other: row.first === id ? row.second : row.first,
  }));
  const told = await app.store.toldPurchases(accountId, [
    ...new Set([...counted, ...others.map(({ other }) => other)]),
  ]);
  return {
    countedAs:
      told.filter((other) => other.id === joinedInto).map((other) => pageRow(other, timeZone, names))[0] ?? null,
    pairs: others.flatMap((pair) => {
      const other = told.find((purchase) => purchase.id === pair.other);
      return other === undefined ? [] : [{ ...pair, other: pageRow(other, timeZone, names) }];
    }),
    joined: told
      .filter((other) => other.joinedInto === id)
      .map((other) => ({ purchase: pageRow(other, timeZone, names), mail: mailViewOf(other, timeZone) })),
  };
}

/** What others have settled, or what nothing hangs on, is no question. */
function isShown({ decision, mayBeJoined, firstCounted, secondCounted }: LookAlikeRow): boolean {
  if (decision === "apart") return firstCounted !== secondCounted;
  return decision === "joined" || mayBeJoined === 1;
}
