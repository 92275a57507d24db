import { setTimeout as pause } from "node:timers/promises";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { changedProgram } from "./changed-program.ts";
import { ALL_WELL, closeBooks, say } from "./close-books.ts";
import { CAN_BE_FAULTY, faultyMachine } from "./faulty-machine.ts";
import { makeHome } from "./home.ts";
import { openLedger } from "./ledger.ts";
import { powerCut, readDisk, writeDisk, writtenPast } from "./power-cut.ts";
import { scaled, SEED } from "./scale.ts";
import { startService } from "./service.ts";

const CUTS = scaled(4, 100);
// One cut may come right after a checkpoint, which syncs everything.
const CUTS_UNSYNCED = scaled(4, 10);
const TIMEOUT = { timeout: scaled(60_000, 900_000) };

const random = seededRandom(SEED);

beforeAll(buildProgram);

describe.runIf(CAN_BE_FAULTY)(
  "after a power cut, which leaves what was synced, and of the rest nothing or torn pieces",
  () => {
    it(`everything acknowledged is there, ${CUTS} times`, TIMEOUT, async () => {
      const home = openHome();
      for (let cut = 0; cut < CUTS; cut += 1) await home.cutPower(random.pick([0, 0, 0.5, 0.9, 0.99]));
      const service = await startService(home.dataDir);
      const title = `power cut, ${CUTS} times (seed ${SEED})`;
      expect(await closeBooks(title, home.ledger, service, home.dataDir)).toEqual(ALL_WELL);
    });

    it(
      "something is lost when it was acknowledged before it was synced, so the other test can fail",
      TIMEOUT,
      async () => {
        const program = changedProgram("synchronous = FULL", "synchronous = NORMAL");
        onTestFinished(program.remove);
        const home = openHome(program.path);
        for (let cut = 0; cut < CUTS_UNSYNCED; cut += 1) await home.cutPower(0);
        const service = await startService(home.dataDir);
        const { stored, faults } = home.ledger.audit(home.dataDir);
        const { sent, acknowledged } = home.ledger.totals();
        say(
          `power cut with synchronous = NORMAL, ${CUTS_UNSYNCED} times: sent ${sent}, acknowledged ${acknowledged}; ` +
            `stored ${stored}, lost ${faults.lost.length}`,
        );
        expect(faults.lost.length).toBeGreaterThan(0);
        expect(await service.stop()).toBe(0);
      },
    );
  },
);

/** A home in which the power can be cut while mails come in. */
function openHome(program?: string) {
  const { dataDir, alertAddress } = makeHome();
  const machine = faultyMachine(dataDir);
  const ledger = openLedger(alertAddress, random);
  return {
    dataDir,
    ledger,
    /** @param survival how much of what was not synced the disk happens to have all the same, from 0 to 1 */
    async cutPower(survival: number): Promise<void> {
      const before = readDisk(dataDir);
      const service = await startService(dataDir, { env: machine.env, ...(program !== undefined && { program }) });
      // The first takes longest: only then is there something to lose.
      await ledger.send(service.url);
      let isUp = true;
      const load = ledger.sendWhile(() => isUp, service.url);
      await pause(random.between(50, 400));
      await service.kill();
      isUp = false;
      await load;
      const journal = machine.takeJournal();
      expect(writtenPast(journal, before, readDisk(dataDir))).toEqual([]);
      writeDisk(
        dataDir,
        powerCut(before, journal, () => random.chance(survival)),
      );
    },
  };
}
