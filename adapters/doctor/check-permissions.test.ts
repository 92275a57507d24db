import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { checkPermissions } from "./check-permissions.ts";

const stop = new AbortController().signal;
/** Tests may run as root, to whom the check says so first. */
const own = process.getuid?.() ?? 0;
const somebodyElse = own + 1000;

let folder = "";
let dataDir = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-permissions-"));
  dataDir = join(folder, "data");
  mkdirSync(dataDir, { mode: 0o700 });
  for (const ending of ["", "-wal"]) writeFileSync(join(dataDir, `wtmm.db${ending}`), "", { mode: 0o644 });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function faults(env: Record<string, string> = {}, uid = own, database = dataDir): Promise<(string | null)[]> {
  const check = checkPermissions(env, { uid, credentials: join(folder, "credentials") });
  const place = { dataDir, databaseUrl: `file:${database}/wtmm.db`, databaseAuthToken: null };
  const findings = await check.look(place, stop);
  return findings.filter(({ state }) => state === "red").map(({ fix }) => fix);
}

describe("permissions", () => {
  it("are well when the data folder is its owner's alone, whatever those of the files in it are", async () => {
    expect(await faults()).toEqual([]);
    rmSync(dataDir, { recursive: true });
    expect(await faults()).toEqual([]);
  });

  it("are not when others may look into the data folder", async () => {
    chmodSync(dataDir, 0o750);
    expect(await faults()).toEqual([
      `sudo chmod 700 ${dataDir}`,
      `sudo chmod 600 ${dataDir}/wtmm.db`,
      `sudo chmod 600 ${dataDir}/wtmm.db-wal`,
    ]);
  });

  it("are not when others may read a database elsewhere", async () => {
    const open = join(folder, "open");
    mkdirSync(open, { mode: 0o755 });
    writeFileSync(join(open, "wtmm.db"), "", { mode: 0o640 });
    expect(await faults({}, own, open)).toEqual([`sudo chmod 600 ${open}/wtmm.db`]);
    chmodSync(join(open, "wtmm.db"), 0o600);
    expect(await faults({}, own, open)).toEqual([]);
  });

  it("are not when others may read the file of a secret, or the folder of all of them", async () => {
    const secret = join(folder, "token");
    writeFileSync(secret, "", { mode: 0o644 });
    mkdirSync(join(folder, "credentials"), { mode: 0o711 });
    expect(await faults({ POSTMARK_SERVER_TOKEN_FILE: secret, SOMETHING_FILE: secret, LINK_KEYS_FILE: "" })).toEqual([
      `sudo chmod 600 ${secret}`,
      `sudo chmod 700 ${folder}/credentials`,
    ]);
  });

  it("are not when what is ours belongs to somebody else", async () => {
    expect(await faults({}, somebodyElse)).toEqual([
      expect.stringMatching(new RegExp(`^sudo chown \\S+: ${dataDir}$`)),
      expect.stringContaining(`: ${dataDir}/wtmm.db`),
      expect.stringContaining(`: ${dataDir}/wtmm.db-wal`),
    ]);
  });

  it("mean little to root, who is told", async () => {
    if (own === 0) chownSync(dataDir, 1000, 1000);
    const check = checkPermissions({}, { uid: 0, credentials: "/no/such" });
    const place = { dataDir, databaseUrl: `file:${dataDir}/wtmm.db`, databaseAuthToken: null };
    expect(await check.look(place, stop)).toMatchObject([{ state: "yellow" }]);
  });
});
