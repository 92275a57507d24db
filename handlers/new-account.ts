import { newToken } from "../access/tokens.ts";
import type { SignUp } from "../adapters/libsql-accounts.ts";
import type { App } from "../app.ts";

// The first institutions that are understood write their times in New York's zone; /settings changes it.
const DEFAULT_TIME_ZONE = "America/New_York";

/** Ids and secrets of an account that may be made. */
export function newAccount(app: Pick<App, "random">, timeZone: string | null): NonNullable<SignUp["newAccount"]> {
  return {
    id: newToken(app.random, 10),
    timeZone: timeZone ?? DEFAULT_TIME_ZONE,
    // 80 bits: nobody finds another person's alert address by trying.
    alertToken: newToken(app.random, 10),
  };
}
