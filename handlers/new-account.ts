import { newAlertToken, newToken } from "../access/tokens.ts";
import type { SignUp } from "../adapters/libsql-accounts.ts";
import type { App } from "../app.ts";
import { DEFAULT_ZONE } from "../ledger/days.ts";

/** Ids and secrets of an account that may be made. */
export function newAccount(app: Pick<App, "random">, timeZone: string | null): NonNullable<SignUp["newAccount"]> {
  return {
    id: newToken(app.random, 10),
    timeZone: timeZone ?? DEFAULT_ZONE,
    alertToken: newAlertToken(app.random),
  };
}
