import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { tmpdir } from "node:os";

import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { listDumps } from "../../adapters/dumps/list-dumps.ts";
import { restoreCommand } from "../../adapters/dumps/restore-command.ts";
import { openBucket, type Bucket } from "../../adapters/s3.ts";
import { dumpShelf, putDump, sha256Of, type TestDump, type TestShelf } from "../dump-shelf.ts";
import { bareMachine, makeKeys, playbook, type BareMachine, type Keys } from "./provisioned.ts";
import { startStorage, type Storage } from "./storage.ts";

const FOLDER = "/var/lib/pull-copy";
const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
const backIntoABucket = /^ +(rclone copy .*)$/m.exec(page)?.[1] ?? "";
/** What the administrator is told with, as on a machine where other units use it, too. */
const TELLS = "tell@%n.service";
const segment = "journal/timeline/000000000000002-1.zst.age";
/** Exposure that `systemd-analyze security` may see; 10 is a program that may do everything. */
const EXPOSURE = 2;

// On the older Debian alone, whose rclone is the older one: each more costs the gate most of a minute.
describe("a copy of the dumps", () => {
  let storage: Storage;
  let shelf: TestShelf;
  /** With the key that the service's machine has where keys can do everything. */
  let bucket: Bucket;
  let machine: BareMachine;
  let keys: Keys;
  let dumps: readonly TestDump[];

  beforeAll(async () => {
    storage = await startStorage();
    await makeBucket(storage);
    bucket = await openBucket(storage.settings("owner"));
    shelf = await dumpShelf();
    dumps = [await putDump(shelf), await putDump(shelf, { dumpClass: "monthly" })];
    machine = await bareMachine("pull-1", "bookworm");
    keys = await makeKeys();
  });
  afterAll(async () => {
    bucket?.close();
    shelf?.remove();
    await keys?.remove();
    await machine?.remove();
    await storage?.remove();
  });

  const provision = (args: readonly string[] = [], change: Readonly<Record<string, unknown>> = {}) => {
    const { endpoint, bucket: name, prefix, accessKeyId } = storage.settings("owner");
    const reader = storage.settings("stranger");
    const extraVars = {
      ...{ address: "203.0.113.10", pull_copy_address: machine.address },
      ...{ wtmm_s3_endpoint: endpoint, wtmm_s3_bucket: name, wtmm_s3_prefix: prefix, wtmm_s3_force_path_style: true },
      ...{ wtmm_s3_access_key_id: accessKeyId, pull_copy_s3_access_key_id: reader.accessKeyId },
      ...{ pull_copy_s3_secret_access_key: reader.secretAccessKey, pull_copy_on_failure: TELLS },
      ...change,
    };
    return playbook("pull-copy", { machine, keys, extraVars, args });
  };
  /** What a run said, behind how systemd saw it end. */
  const pull = () =>
    machine.console(`
      systemctl reset-failed pull-copy; systemctl start pull-copy 2>/dev/null; systemctl is-failed pull-copy
      journalctl --sync
      run=$(systemctl show --property=InvocationID --value pull-copy)
      journalctl --output=cat --no-pager --identifier=pull-copy _SYSTEMD_INVOCATION_ID=$run`);
  const asItself = (script: string) =>
    machine.console(`cd ${FOLDER}; runuser -u pull-copy -- sh -c 'umask 077; ${script}'`);
  const keysOf = ({ key, manifestKey }: TestDump) => [key, manifestKey];
  const upload = async (keysOfDumps: readonly string[]) => {
    for (const key of keysOfDumps) await bucket.put(key, readFileSync(shelf.path(key)));
  };
  /** The check sum of everything that is kept, by its key. */
  async function kept(): Promise<Record<string, string>> {
    const sums = await asItself(
      "find daily monthly hourly journal erased doctor -type f -exec sha256sum {} + 2>&-; true",
    );
    return Object.fromEntries(sums.split("\n").map((line) => line.split("  ").toReversed()));
  }

  it("is not set up with a machine or a key that would protect nothing", async () => {
    const { accessKeyId } = storage.settings("owner");
    for (const [change, says] of [
      [{ pull_copy_address: "203.0.113.10" }, "pull_copy_address is not set."],
      [{ pull_copy_s3_secret_access_key: "" }, "pull_copy_s3_secret_access_key are not set."],
      [{ pull_copy_s3_access_key_id: accessKeyId }, "pull_copy_s3_access_key_id is the service's own key."],
      [{ pull_copy_on_failure: "" }, "pull_copy_on_failure is not set."],
      [{}, `pull_copy_on_failure names ${TELLS}, which that machine does not have.`],
    ] as const) {
      const { code, output } = await provision([], change);
      expect(code).not.toBe(0);
      expect(output).toContain(says);
    }
  });

  it("is set up in one run, and left alone by the next", async () => {
    await machine.console(`cat >/etc/systemd/system/tell@.service <<'END'
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo %i >>/run/told'
END`);
    expect(await provision(["--check"])).toMatchObject({ code: 0, failed: 0 });
    expect(await machine.console(`ls -d ${FOLDER} /etc/pull-copy 2>&- || true`)).toBe("");
    expect(await provision()).toMatchObject({ code: 0, failed: 0 });
    expect(await provision(["--tags", "pull_copy"])).toMatchObject({ code: 0, changed: 0 });
    expect(await machine.console("systemctl is-active pull-copy.timer")).toBe("active");
  });

  it("runs in a unit that may do next to nothing, with a key that nobody reads", async () => {
    expect(await machine.console("systemd-analyze verify /etc/systemd/system/pull-copy.* 2>&1")).toBe("");
    const said = await machine.console("systemd-analyze security --no-pager pull-copy.service | tail -n 1");
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(EXPOSURE);
    const readable = await machine.console(
      "systemctl show pull-copy; systemctl cat pull-copy; cat /etc/pull-copy/*.json",
    );
    expect(readable).not.toContain(storage.settings("stranger").secretAccessKey);
    expect(await machine.console("stat --format=%a /etc/pull-copy/credentials")).toBe("700");
  });

  it("fails as long as there is no dump", async () => {
    expect(await pull()).toBe("failed\nThere is no dump yet.");
    expect(await machine.console("until [ -s /run/told ]; do sleep 0.1; done; cat /run/told")).toBe(
      "pull-copy.service",
    );
  });

  it("gets everything that is new, also what an interrupted run got half, and no half dump", async () => {
    await upload(dumps.flatMap(keysOf));
    await bucket.put("daily/2026-11-21T03-00-00Z-0000000000000000.db.zst.age", new Uint8Array(9));
    await bucket.put(segment, new Uint8Array(1));
    await bucket.put("erased/account.age", new Uint8Array(2));
    await bucket.put("doctor/probe", new Uint8Array(3));
    await asItself(`mkdir -p incoming/daily && echo half >incoming/${dumps[0]?.key}`);
    expect(await pull()).toBe("inactive\nNew objects: 6. Dumps: 2. Nothing is wrong.");
    const expected = dumps.flatMap(keysOf).map((key) => [key, sha256Of(readFileSync(shelf.path(key)))]);
    expect(await kept()).toEqual({
      ...Object.fromEntries(expected),
      [segment]: sha256Of(new Uint8Array(1)),
      "erased/account.age": sha256Of(new Uint8Array(2)),
    });
  });

  it("keeps that for its own user, and gets nothing twice", async () => {
    expect(await machine.console(`runuser -u nobody -- ls ${FOLDER} 2>&1 || true`)).toContain("Permission denied");
    expect(await machine.console(`find ${FOLDER} ! -user pull-copy -o -perm /077`)).toBe("");
    expect(await pull()).toBe("inactive\nNew objects: 0. Dumps: 2. Nothing is wrong.");
  });

  it("forgets what the bucket has forgotten by now", async () => {
    await asItself("mkdir -p hourly && touch -d -3days hourly/old.json && touch -d -1day hourly/young.json");
    expect(await pull()).toContain("failed\nGone from the bucket before its time, and kept here: 'hourly/young.json'.");
    expect(await asItself("rm hourly/young.json; ls hourly")).toBe("old.json");
    expect(await pull()).toContain("Dumps: 2. Nothing is wrong.");
    expect(await asItself("ls hourly")).toBe("");
  });

  it("does not get again what it forgot while it is still in the bucket", async () => {
    const keepsErased = (days: number) =>
      machine.console(`python3 - <<'END'
import json
path = "/etc/pull-copy/lifecycle.json"
rules = json.load(open(path))
[rule] = [rule for rule in rules if rule["Filter"]["Prefix"] == "PREFIXerased/"]
rule["Expiration"]["Days"] = ${days}
json.dump(rules, open(path, "w"))
END`);
    await keepsErased(0);
    expect(await pull()).toContain("New objects: 0.");
    expect(await asItself("ls erased")).toBe("");
    expect(await pull()).toContain("New objects: 0.");
    await keepsErased(400);
    expect(await pull()).toBe("inactive\nNew objects: 1. Dumps: 2. Nothing is wrong.");
  });

  it("counts a dump with both of its files alone, and gets the one that was lost", async () => {
    const objects = dumps.map(({ key }) => key);
    await asItself(`rm ${objects.join(" ")}`);
    expect(await pull()).toBe("inactive\nNew objects: 2. Dumps: 2. Nothing is wrong.");
    expect(Object.keys(await kept())).toEqual(expect.arrayContaining(objects));
  });

  it("fails when the newest dump is too old", async () => {
    const set = (hours: number) =>
      machine.console(`sed -i 's/"oldest_hours": .*,/"oldest_hours": ${hours},/' /etc/pull-copy/settings.json`);
    await set(0);
    expect(await pull()).toBe("failed\nThe newest dump is 0.0 hours old.");
    await set(26);
  });

  it("takes nothing for a dump that is not what its manifest says", async () => {
    const bad = await putDump(shelf, { at: "2026-11-22T03:00:00Z" });
    await bucket.put(bad.key, readFileSync(shelf.path(bad.key)).fill(1, 100, 101));
    await upload([bad.manifestKey]);
    expect(await pull()).toBe(`failed\n${bad.key} is not what its manifest says; it was left in ${FOLDER}/incoming.`);
    expect(Object.keys(await kept())).not.toContain(bad.key);
    for (const key of keysOf(bad)) await bucket.remove(key);
    expect(await pull()).toContain("Nothing is wrong");
  });

  it("outlives a key that deletes and overwrites everything, and says so", async () => {
    const before = await kept();
    await asItself("mkdir -p hourly && touch -d -3days hourly/old.json");
    const forged = await putDump(shelf, { amountMinor: 1 });
    const [, monthly] = dumps;
    const overwritten = [segment, monthly?.key ?? "", monthly?.manifestKey ?? ""];
    for (const { key } of await bucket.list("")) if (!overwritten.includes(key)) await bucket.remove(key);
    for (const key of overwritten) {
      const other = key.endsWith(".json") ? forged.manifestKey : forged.key;
      await bucket.put(key, readFileSync(shelf.path(other)));
    }
    await bucket.put("daily/.bashrc", new Uint8Array(5));
    const said = await pull();
    expect(said).toContain(`failed\nChanged in the bucket, and kept here as it was first: '${segment}' and 2 more.`);
    expect(said).toContain(`Gone from the bucket before its time, and kept here: '${dumps[0]?.key}' and 2 more.`);
    expect(said).toContain("Of a name that the program gives to nothing, and left in the bucket: 'daily/.bashrc'.");
    // Not even by age, as long as something is wrong.
    expect(await kept()).toEqual({ ...before, "hourly/old.json": sha256Of(new Uint8Array()) });
    expect(await machine.console("systemctl --failed --plain --no-legend | cut -d ' ' -f 1")).toBe("pull-copy.service");
  });

  it("says that the bucket can't be read", async () => {
    await setPolicy(storage, []);
    expect(await pull()).toMatch(/^failed\nThe bucket can't be read: .*AccessDenied/);
  });

  it("can be put into another bucket, where everything is found", async () => {
    const { endpoint, accessKeyId, secretAccessKey, ...rest } = storage.settings("owner");
    const next = { ...rest, endpoint, accessKeyId, secretAccessKey, bucket: `${rest.bucket}-next` };
    await makeBucket(storage, next.bucket);
    // As docs/operations.md says it.
    const secrets = `RCLONE_S3_ACCESS_KEY_ID=${accessKeyId} RCLONE_S3_SECRET_ACCESS_KEY=${secretAccessKey}`;
    const command = backIntoABucket
      .replace("https://fra1.example.net --s3-region fra1", `${endpoint} --s3-region ${rest.region}`)
      .replace("BUCKET/PREFIX", `${next.bucket}/money`);
    await machine.console(`export ${secrets}; ${command} 2>&1`);
    const found = await openBucket(next);
    expect((await listDumps(found)).map(({ key }) => key.dumpClass).toSorted()).toEqual(["daily", "monthly"]);
    found.close();
  });

  it("restores a dump out of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wtmm-pulled-"));
    const [dump] = dumps;
    for (const key of dump === undefined ? [] : keysOf(dump)) {
      const bytes = Buffer.from(await machine.console(`base64 -w 0 ${FOLDER}/${key}`), "base64");
      writeFileSync(join(folder, basename(key)), bytes);
    }
    const identityFile = join(folder, "key");
    writeFileSync(identityFile, shelf.identity);
    const isWell = await restoreCommand(
      { dump: join(folder, basename(dump?.key ?? "")), at: null, to: join(folder, "to") },
      { s3: null, identityFile, ask: null, say: () => {}, progress: () => {}, env: {} },
    );
    rmSync(folder, { recursive: true });
    expect(isWell).toBe(true);
  });
});

/** One where a key of its own may read, and the owner's is the machine's. */
async function makeBucket(storage: Storage, Bucket = storage.settings("owner").bucket): Promise<void> {
  const { prefix } = storage.settings("owner");
  const client = clientOf(storage);
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  const Principal = { AWS: [storage.arn("stranger")] };
  if (Bucket !== storage.settings("owner").bucket) return;
  await setPolicy(storage, [
    { Effect: "Allow", Principal, Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${Bucket}/${prefix}*`] },
    { Effect: "Allow", Principal, Action: ["s3:ListBucket"], Resource: [`arn:aws:s3:::${Bucket}`] },
  ]);
}

async function setPolicy(storage: Storage, statements: readonly unknown[]): Promise<void> {
  const { bucket: Bucket } = storage.settings("owner");
  const nobody = { Effect: "Deny", Principal: { AWS: [storage.arn("machine")] }, Action: ["s3:GetObject"] };
  const Statement = statements.length > 0 ? statements : [{ ...nobody, Resource: [`arn:aws:s3:::${Bucket}/*`] }];
  const client = clientOf(storage);
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  client.destroy();
}

function clientOf(storage: Storage): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = storage.settings("owner");
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}
