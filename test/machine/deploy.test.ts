import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDeployProof } from "./deploy-proof.ts";
import { type DeployWorld, makeReleases, provesDeploys } from "./deploy-suite.ts";
import { confinesDeployUser } from "./deploy-user-suite.ts";
import { type Deployed, provisionedMachine } from "./deployed.ts";
import { loadTargetOf } from "./people.ts";
import { type Releases, openReleases } from "./releases.ts";
import { confinesUnits } from "./unit-suite.ts";

const isTorture = process.env["DEPLOY_TORTURE"] !== undefined;
const size = isTorture ? { perSecond: 200, phaseMs: 30_000 } : { perSecond: 100, phaseMs: 20_000 };

let releases: Releases;
let archives: Readonly<Record<string, string>>;

beforeAll(async () => {
  releases = await openReleases();
  archives = await makeReleases(releases);
});
afterAll(() => releases?.remove());

describe.each(
  isTorture
    ? [["bookworm", "deploy-12"] as const, ["trixie", "deploy-13"] as const]
    : [["bookworm", "deploy-12"] as const],
)("a service on Debian's %s", (suite, name) => {
  let deployed: Deployed;
  let world: DeployWorld;

  beforeAll(async () => {
    deployed = await machineWithRelease(name, suite);
  });
  afterAll(() => deployed?.remove());

  confinesUnits(() => deployed);
  confinesDeployUser(() => ({ deployed, releases, archive: archives["1.0.0"] ?? "" }));

  describe("under load", () => {
    beforeAll(async () => {
      const target = await loadTargetOf(deployed);
      world = { deployed, releases, archives, proof: openDeployProof(deployed, target, size) };
    });
    afterAll(() => process.stdout.write(`\n${world?.proof.table() ?? "There was no load."}\n`));

    provesDeploys(() => world);
  });
});

describe.skipIf(isTorture)("a service on Debian's trixie", () => {
  let deployed: Deployed;

  beforeAll(async () => {
    deployed = await machineWithRelease("deploy-13", "trixie");
  });
  afterAll(() => deployed?.remove());

  it("takes the next release, and goes back again", async () => {
    expect((await deployed.deploy(archives["1.1.0"] ?? "")).output).toContain("1.1.0 serves, after");
    expect((await deployed.rollback()).output).toContain("1.0.0 serves, after");
    expect(await deployed.serving()).toBe("1.0.0");
  });

  confinesUnits(() => deployed);
});

async function machineWithRelease(name: string, suite: string): Promise<Deployed> {
  const deployed = await provisionedMachine(name, suite);
  const play = await deployed.deploy(archives["1.0.0"] ?? "");
  if (play.code !== 0) throw new Error(play.output);
  return deployed;
}
