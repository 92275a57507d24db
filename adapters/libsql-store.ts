import { migrate } from "../schema/migrate.ts";
import { accountingStore } from "./libsql-accounting.ts";
import { accountStore } from "./libsql-accounts.ts";
import { addressStore } from "./libsql-addresses.ts";
import { alarmStore } from "./libsql-alarm.ts";
import { alertAddressStore } from "./libsql-alert-addresses.ts";
import { amendmentStore } from "./libsql-amendments.ts";
import { comparisonStore } from "./libsql-comparisons.ts";
import { confirmationStore } from "./libsql-confirmations.ts";
import { journalStore } from "./libsql-journal.ts";
import { letterStore } from "./libsql-letters.ts";
import { lookAlikeDecisionStore } from "./libsql-look-alike-decisions.ts";
import { lookAlikeStore } from "./libsql-look-alikes.ts";
import { mailListStore } from "./libsql-mail-list.ts";
import { mailStore } from "./libsql-mails.ts";
import { merchantNameStore } from "./libsql-merchant-names.ts";
import { originStore } from "./libsql-origin.ts";
import { queueStore } from "./libsql-queue.ts";
import { purchaseStore } from "./libsql-purchases.ts";
import { readingRuleStore } from "./libsql-reading-rules.ts";
import { recoveryStore } from "./libsql-recovery.ts";
import { replayStore } from "./libsql-replay.ts";
import { serviceStore } from "./libsql-service.ts";
import { sessionStore } from "./libsql-sessions.ts";
import { unknownStore } from "./libsql-unknown.ts";
import { weeklyStore } from "./libsql-weekly.ts";
import { openDatabase, type Database } from "./libsql.ts";

/** Everything that is remembered. Each call is one query or one atomic write that is on disk when it resolves. */
export type Store = Awaited<ReturnType<typeof openStore>>;

/** Opens the store at a database url and brings its schema up to date. */
export async function openStore(url: string, authToken: string | null) {
  const db = await openDatabase(url, authToken ?? undefined);
  await migrate(db);
  return {
    ...storeOn(db),
    /** Writes everything back into the file and closes it. */
    close: () => db.close(),
  };
}

/** The store's calls on a database whose schema is up to date. */
export function storeOn(db: Database) {
  return {
    ...accountStore(db),
    ...addressStore(db),
    ...alertAddressStore(db),
    ...sessionStore(db),
    ...queueStore(db),
    ...originStore(db),
    ...mailStore(db),
    ...mailListStore(db),
    ...accountingStore(db),
    ...purchaseStore(db),
    ...amendmentStore(db),
    ...merchantNameStore(db),
    ...comparisonStore(db),
    ...lookAlikeStore(db),
    ...lookAlikeDecisionStore(db),
    ...confirmationStore(db),
    ...letterStore(db),
    ...alarmStore(db),
    ...weeklyStore(db),
    ...unknownStore(db),
    ...readingRuleStore(db),
    ...replayStore(db),
    ...recoveryStore(db),
    ...journalStore(db),
    ...serviceStore(db),
  };
}
