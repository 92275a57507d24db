import { beforeAll, expect, it } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { CAN_BE_FAULTY, faultyMachine } from "./faulty-machine.ts";
import { makeHome } from "./home.ts";
import { interpreted, read } from "./kept-mails.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { slowestAnswer, startService } from "./service.ts";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const JUMPS = scaled(2, 60);
// Nothing may wait for a clock to come back to where it was.
const PATIENCE_MS = 15_000;

beforeAll(buildProgram);

it.runIf(CAN_BE_FAULTY)(
  "a clock that jumps loses and doubles nothing, and what comes in goes on being interpreted",
  { timeout: scaled(60_000, 300_000) },
  async () => {
    const random = seededRandom(SEED);
    const { dataDir, alertAddress } = makeHome();
    const machine = faultyMachine(dataDir);
    const ledger = openLedger(alertAddress, random);
    const service = await startService(dataDir, machine);
    for (const clockAheadS of [DAY_S, -DAY_S, ...Array.from({ length: JUMPS }, () => random.whole(-DAY_S, DAY_S))]) {
      const load = ledger.sendMany(60, service.url);
      // While mails come in, and are interpreted.
      await slowestAnswer(service, ledger.sendMany(10, service.url));
      machine.order({ clockAheadS });
      await load;
      await interpreted(dataDir, PATIENCE_MS);
    }
    // Otherwise the clock stood still, and nothing was shown.
    expect(hoursBetweenMails(dataDir)).toBeGreaterThan(47);
    expect(await closeBooks(`clock that jumps (seed ${SEED})`, ledger, service, dataDir)).toEqual(ALL_WELL);
  },
);

function hoursBetweenMails(dataDir: string): number {
  const sql = "SELECT (max(received_at) - min(received_at)) / 3600000.0 AS hours FROM mails";
  return read(dataDir, (db) => Number(db.prepare(sql).get()?.["hours"]));
}
