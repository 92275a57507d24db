import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { makeHome } from "./home.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { expectOneLine, slowestAnswer, startService } from "./service.ts";

// After the first refusal, which comes when a writer has waited long enough.
const LOCKED_ON_MS = scaled(0, 15_000);
const REFUSED_WITHIN_MS = 15_000;
// A driver that waited by itself would stop every answer for seconds.
const STALLED_MS = 1_500;

beforeAll(buildProgram);

describe("a database that another process has locked", () => {
  it("delays mails or has them refused, and nothing else stops", async () => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, seededRandom(SEED));
    const service = await startService(dataDir);
    await ledger.sendMany(20, service.url);
    const unlock = lock(dataDir);
    let isLocked = true;
    const load = ledger.sendWhile(() => isLocked, service.url);
    const whileLocked = async (): Promise<void> => {
      await expect.poll(() => ledger.totals().refused, { timeout: REFUSED_WITHIN_MS }).toBeGreaterThan(0);
      await pause(LOCKED_ON_MS);
    };
    const slowestMs = await slowestAnswer(service, whileLocked());
    unlock();
    isLocked = false;
    await load;
    expect(slowestMs).toBeLessThan(STALLED_MS);
    // Both were seen: refused after a while, and acknowledged once the lock was gone.
    expect(ledger.totals()).toMatchObject({ refusals: [503], unknown: 0 });
    expect(new Set(await ledger.sendMany(20, service.url))).toEqual(new Set(["acknowledged"]));
    expect(await closeBooks("locked database", ledger, service, dataDir)).toEqual(ALL_WELL);
  });

  it.each(scaled([], [1_000]))("is waited for when the service starts, for %i ms", async (lockedMs) => {
    const { dataDir } = makeHome();
    const unlock = lock(dataDir);
    const starting = startService(dataDir);
    await pause(lockedMs);
    unlock();
    const service = await starting;
    expect(await service.stop()).toBe(0);
  });

  it.each(scaled([], [10_000]))("is not waited for as long as %i ms", async (limitMs) => {
    const { dataDir } = makeHome();
    const unlock = lock(dataDir);
    await Promise.race([expectOneLine(startService(dataDir)), pause(limitMs).then(() => expect.fail("It waits."))]);
    unlock();
    const service = await startService(dataDir);
    expect(await service.stop()).toBe(0);
  });
});

/** Locks the database for writers until it is unlocked. */
function lock(dataDir: string): () => void {
  const db = new DatabaseSync(join(dataDir, "wtmm.db"));
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  // Checkpoints are the service's alone (https://github.com/tursodatabase/libsql/issues/2271).
  db.exec("PRAGMA wal_autocheckpoint = 0; BEGIN EXCLUSIVE");
  return () => {
    db.exec("ROLLBACK");
    db.close();
  };
}
