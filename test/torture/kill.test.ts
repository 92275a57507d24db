import { setTimeout as pause } from "node:timers/promises";

import { beforeAll, expect, it } from "vitest";

import { buildProgram } from "../program.ts";
import { seededRandom } from "../adversarial/seeded-random.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { makeHome } from "./home.ts";
import { interpreted } from "./kept-mails.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { killAtStart, startService } from "./service.ts";

const KILLS = scaled(8, 200);
const AT_START = 0.1;
// A mail that is being read at five ends of the program in a row is taken for their cause, and left to its person.
const KILLS_IN_A_ROW = 4;

beforeAll(buildProgram);

it(
  `keeps what it acknowledged, and books it once, though it is killed ${KILLS} times`,
  { timeout: scaled(60_000, 1_200_000) },
  async () => {
    const random = seededRandom(SEED);
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, random);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const hasRespite = kill % KILLS_IN_A_ROW === 0;
      if (!hasRespite && random.chance(AT_START)) {
        await killAtStart(dataDir, random.between(50, 250));
        continue;
      }
      const service = await startService(dataDir);
      if (hasRespite) await interpreted(dataDir);
      let isUp = true;
      // It interprets as soon as nothing comes any more.
      const isInterpreting = random.chance(0.5);
      const load = isInterpreting ? ledger.sendMany(40, service.url) : ledger.sendWhile(() => isUp, service.url);
      if (isInterpreting) await load;
      await pause(random.between(0, 300));
      await service.kill();
      isUp = false;
      await load;
    }
    const service = await startService(dataDir);
    expect(await closeBooks(`kill -9, ${KILLS} times (seed ${SEED})`, ledger, service, dataDir)).toEqual(ALL_WELL);
  },
);
