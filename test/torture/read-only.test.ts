import { beforeAll, describe, expect, it } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { CAN_BE_FAULTY, faultyMachine, type Faults } from "./faulty-machine.ts";
import { makeHome } from "./home.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { expectOneLine, startService } from "./service.ts";
import { mountSmallDisk, remount } from "./small-disk.ts";

type Fault = NonNullable<Faults["error"]>;

beforeAll(buildProgram);

describe("a file system that takes no more changes", () => {
  it.runIf(CAN_BE_FAULTY).each(scaled<readonly Fault[]>(["EROFS"], ["EROFS", "EIO"]))(
    "costs nothing that was acknowledged (%s)",
    async (error) => {
      const { dataDir, alertAddress } = makeHome();
      const machine = faultyMachine(dataDir);
      const ledger = openLedger(alertAddress, seededRandom(SEED));
      const first = await startService(dataDir, machine);
      let isOn = true;
      const load = ledger.sendWhile(() => isOn, first.url);
      await ledger.sendMany(20, first.url);
      machine.order({ error });
      expect(new Set(await ledger.sendMany(20, first.url))).toEqual(new Set(["refused"]));
      expect((await fetch(`${first.url}/up`)).status).toBe(200);
      expect((await fetch(`${first.url}/health`)).status).toBe(503);
      machine.order({});
      expect(new Set(await ledger.sendMany(20, first.url))).toEqual(new Set(["acknowledged"]));
      isOn = false;
      await load;
      await first.kill();
      machine.order({ error });
      await expectOneLine(startService(dataDir, machine));
      machine.order({});
      expect(ledger.totals().refusals).toEqual([503]);
      const service = await startService(dataDir, machine);
      expect(await closeBooks(`changes fail with ${error}`, ledger, service, dataDir)).toEqual(ALL_WELL);
    },
  );

  it.each(scaled([], ["ro"] as const))("costs nothing when it is mounted so (%s)", async (mode) => {
    const { dataDir, alertAddress } = makeHome(mountSmallDisk);
    const ledger = openLedger(alertAddress, seededRandom(SEED));
    const first = await startService(dataDir);
    await ledger.sendMany(20, first.url);
    await first.kill();
    remount(dataDir, mode);
    await expectOneLine(startService(dataDir));
    remount(dataDir, "rw");
    expect(await closeBooks("mounted read-only", ledger, await startService(dataDir), dataDir)).toEqual(ALL_WELL);
  });
});
