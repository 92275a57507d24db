import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, expect, it } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { CAN_BE_FAULTY, faultyMachine } from "./faulty-machine.ts";
import { makeHome, type Home } from "./home.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { expectOneLine, startService } from "./service.ts";
import { mountSmallDisk } from "./small-disk.ts";

const ROOM_BYTES = 300_000;

/** A home on a disk that gets full, and gets space again. */
type SmallDisk = Home & {
  readonly env?: Readonly<Record<string, string>>;
  fill(roomBytes: number): void;
  free(): void;
};

beforeAll(buildProgram);

it.runIf(CAN_BE_FAULTY).each(scaled([toldToBeFull], [toldToBeFull, reallyFull]))(
  "a full disk costs nothing that was acknowledged: mails are refused until there is space again (%o)",
  async (makeDisk) => {
    const disk = makeDisk();
    const { dataDir } = disk;
    const ledger = openLedger(disk.alertAddress, seededRandom(SEED));
    const first = await startService(dataDir, disk);
    await ledger.sendMany(20, first.url);
    disk.fill(ROOM_BYTES);
    const fates = await ledger.sendMany(200, first.url);
    expect(new Set(fates)).toEqual(new Set(["acknowledged", "refused"]));
    expect((await fetch(`${first.url}/up`)).status).toBe(200);
    disk.free();
    expect(new Set(await ledger.sendMany(20, first.url))).toEqual(new Set(["acknowledged"]));
    disk.fill(0);
    await first.kill();
    await startWithoutSpace(disk);
    disk.free();
    const service = await startService(dataDir, disk);
    expect(ledger.totals().refusals).toEqual([503]);
    expect(await closeBooks(`full disk (${makeDisk.name})`, ledger, service, dataDir)).toEqual(ALL_WELL);
  },
);

/** It serves, or it says in one line why it does not. */
async function startWithoutSpace(disk: SmallDisk): Promise<void> {
  const starting = startService(disk.dataDir, disk);
  const service = await starting.catch(() => null);
  if (service === null) await expectOneLine(starting);
  else await service.kill();
}

function toldToBeFull(): SmallDisk {
  const home = makeHome();
  const { env, order } = faultyMachine(home.dataDir);
  return { ...home, env, fill: (roomBytes) => order({ roomBytes }), free: () => order({}) };
}

function reallyFull(): SmallDisk {
  const home = makeHome(mountSmallDisk);
  const filler = join(home.dataDir, "filler");
  return {
    ...home,
    fill(roomBytes) {
      const { bavail, bsize } = statfsSync(home.dataDir);
      const bytes = Buffer.alloc(Math.max(0, bavail * bsize - roomBytes));
      try {
        writeFileSync(filler, bytes);
      } catch (error) {
        // Somebody was quicker: full it is.
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    },
    free: () => rmSync(filler),
  };
}
