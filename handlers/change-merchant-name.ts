import { newToken } from "../access/tokens.ts";
import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { merchantKey } from "../ledger/merchant-name.ts";

type Form = ReadonlyMap<string, string>;

/** Whether its merchant can be called something every time: what no mail named has nothing in common with others. */
export function mayBeNamed(stored: StoredPurchase): boolean {
  return merchantKey(stored.bookedMerchant) !== "";
}

/** Calls the merchant of a purchase so every time; whether that is new. */
export function nameMerchant(stored: StoredPurchase, name: string, app: App, { accountId }: Session): Promise<boolean> {
  const change = { id: newToken(app.random, 10), accountId, purchaseId: stored.id, at: app.now() };
  return app.store.nameMerchant({ ...change, key: merchantKey(stored.bookedMerchant), name });
}

/** Takes the named change of a name back, when it is the newest; whether it was. */
export function undoName(change: string, app: App, { accountId }: Session): Promise<boolean> {
  return app.store.undoMerchantName({ id: newToken(app.random, 10), accountId, change, at: app.now() });
}

/** For the settings' `end-name`: a merchant is called as it was before the person named it. */
export async function endMerchantName(form: Form, { accountId }: Session, app: App): Promise<string> {
  const end = { id: newToken(app.random, 10), accountId, change: form.get("change") ?? "", at: app.now() };
  if (!(await app.store.endMerchantName(end)))
    throw new AppError("not_found", "You do not call a merchant so any more.");
  return "name-ended";
}

/** For the settings' `undo-name`. */
export async function undoMerchantName(form: Form, person: Session, app: App): Promise<string> {
  const isUndone = await undoName(form.get("change") ?? "", app, person);
  if (!isUndone) throw new AppError("not_found", "That change of a name is not the newest any more.");
  return "name-undone";
}
