import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { expect, it } from "vitest";

import { AppError } from "../../errors.ts";
import lifecycle from "../../provisioning/bucket/lifecycle.json" with { type: "json" };
import { PROBE } from "../doctor/check-s3.ts";
import { DUMP_CLASSES, objectKeyOf } from "../dumps/dump-keys.ts";
import { ERASED } from "../journal/erased-keys.ts";
import { segmentsOf } from "../journal/segment-keys.ts";
import { bucketCommand } from "./bucket-command.ts";
import { bucketRules, type Rule } from "./bucket-rules.ts";
import type { OwnBucket } from "./own-bucket.ts";

const USER = "arn:aws:iam:::user/machine";
const OWNER = {
  endpoint: "https://fra1.example.net",
  region: "us-east-1",
  bucket: "wtmm-dumps",
  prefix: "money/",
  accessKeyId: "owner",
  secretAccessKey: "of-the-owner",
  forcePathStyle: true,
};

/** What each folder of adapters/ writes into the bucket. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  doctor: [folderOf(PROBE)],
  dumps: DUMP_CLASSES.map((dumpClass) => folderOf(objectKeyOf({ dumpClass, at: Temporal.Now.instant(), random: "" }))),
  journal: [folderOf(segmentsOf("timeline")), ERASED],
};

function folderOf(key: string): string {
  return key.slice(0, key.indexOf("/") + 1);
}

const ruleOf = (name: string) => lifecycle.find(({ ID }) => ID === `PREFIX${name}`);
const daysOf = (name: string): number => ruleOf(name)?.Expiration.Days ?? Number.NaN;
const keptDaysOf = (name: string): number => ruleOf(name)?.NoncurrentVersionExpiration.NoncurrentDays ?? Number.NaN;

/** A bucket that remembers what it was told. */
function bucket(lifecycle: readonly Rule[] = [], policy: readonly Rule[] = [], user = USER) {
  const state = { isThere: false, isVersioned: false, lifecycle, policy, told: 0 };
  const tell = (change: Partial<typeof state>) => async () =>
    void Object.assign(state, change, { told: state.told + 1 });
  const own: OwnBucket = {
    exists: async () => state.isThere,
    make: tell({ isThere: true }),
    keepsVersions: async () => state.isVersioned,
    keepVersions: tell({ isVersioned: true }),
    // As services do, in another order than they were set.
    lifecycle: async () => state.lifecycle.toReversed(),
    setLifecycle: (rules) => tell({ lifecycle: rules })(),
    policy: async () => state.policy,
    setPolicy: (statements) => tell({ policy: statements })(),
    close: () => {},
  };
  return { state, run: (isCheck: boolean) => bucketCommand(OWNER, user, isCheck, async () => own) };
}

it("makes the bucket and tells it everything, and the second time nothing", async () => {
  const { state, run } = bucket();
  expect(await run(false)).toEqual([
    "changed: there is the bucket wtmm-dumps",
    "changed: it keeps what was overwritten",
    "changed: it forgets old dumps",
    `changed: ${USER} may write and read under "money/", and destroy nothing`,
  ]);
  expect(state).toMatchObject({ isThere: true, isVersioned: true, told: 4 });
  const again = await run(false);
  expect(again.every((line) => line.startsWith("as it should be: "))).toBe(true);
  expect(state.told).toBe(4);
});

it("only says what would change when it is asked to", async () => {
  const { state, run } = bucket();
  expect((await run(true)).every((line) => line.startsWith("changed: "))).toBe(true);
  expect(state.told).toBe(0);
});

it("asks nothing of policies where the store's keys know none", async () => {
  const { state, run } = bucket([], [], "");
  await run(false);
  expect(state).toMatchObject({ isThere: true, isVersioned: true, policy: [], told: 3 });
  expect(await run(false)).toHaveLength(3);
});

it("leaves the rules of others as they are, and puts ours right", async () => {
  const [others, ours] = [
    { ID: "photos", Status: "Enabled" },
    { ID: "money/daily", Status: "Disabled" },
  ];
  const { state, run } = bucket([others, ours], [{ Sid: "Photographer", Effect: "Allow" }]);
  state.isThere = true;
  await run(false);
  expect(state.lifecycle).toHaveLength(lifecycle.length + 1);
  expect(state.lifecycle).toContainEqual(others);
  expect(state.lifecycle).not.toContainEqual(ours);
  expect(state.policy).toContainEqual({ Sid: "Photographer", Effect: "Allow" });
});

it("names in its rules this bucket, this prefix and this user alone", () => {
  const { lifecycle: rules, policy } = bucketRules({ bucket: "wtmm-dumps", prefix: "USER/" }, USER);
  expect(rules.every(({ ID, Filter }) => isDeepStrictEqual(Filter, { Prefix: `${String(ID)}/` }))).toBe(true);
  expect(rules.every(({ ID }) => String(ID).startsWith("USER/"))).toBe(true);
  expect(policy.map(({ Principal }) => Principal)).toEqual(policy.map(() => ({ AWS: [USER] })));
  const allowed = policy.filter(({ Effect }) => Effect === "Allow").map(({ Action }) => Action);
  expect(allowed.flat().filter((action) => /Delete|Acl|Policy|Versioning|Lifecycle|\*/.test(String(action)))).toEqual(
    [],
  );
  expect(policy[0]).toMatchObject({ Resource: ["arn:aws:s3:::wtmm-dumps/USER/*"] });
});

it("forgets everything that the program writes after a time of its own", () => {
  const adapters = join(import.meta.dirname, "..");
  const sources = readdirSync(adapters, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("/") && name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .filter((name) => /\.(put|putStream)\(/.test(readFileSync(join(adapters, name), "utf8")));
  const writers = new Set(sources.map((name) => dirname(name)));
  // A folder that begins to write needs its prefixes here, and each of them a rule.
  expect(Object.keys(WRITTEN)).toEqual(expect.arrayContaining([...writers]));
  const prefixes = Object.values(WRITTEN).flat();
  expect(lifecycle.map(({ Filter }) => Filter.Prefix).toSorted()).toEqual(
    prefixes.map((prefix) => `PREFIX${prefix}`).toSorted(),
  );
  for (const { Expiration, NoncurrentVersionExpiration } of lifecycle) {
    expect(Expiration.Days).toBeGreaterThan(0);
    expect(NoncurrentVersionExpiration.NoncurrentDays).toBeGreaterThan(0);
  }
});

it("forgets hourly dumps after two days, daily ones after thirty and monthly ones after a year", () => {
  const days = DUMP_CLASSES.map((name) => [name, ruleOf(name)?.Status, daysOf(name), keptDaysOf(name)]);
  expect(days).toEqual([
    ["hourly", "Enabled", 2, 2],
    ["daily", "Enabled", 30, 30],
    ["monthly", "Enabled", 365, 30],
  ]);
});

it("forgets after a day what was begun of a dump, or of the journal, and never ended", () => {
  for (const name of [...DUMP_CLASSES, "journal", "erased"]) {
    expect(ruleOf(name)).toMatchObject({
      Status: "Enabled",
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    });
  }
});

it("keeps the journal longer than the daily dumps that need it, and what was erased longer than any dump", () => {
  expect(daysOf("journal")).toBeGreaterThan(daysOf("daily"));
  expect(daysOf("journal")).toBeGreaterThan(daysOf("hourly"));
  // A dump that was overwritten can be brought back, too.
  for (const name of DUMP_CLASSES) expect(daysOf("erased")).toBeGreaterThan(daysOf(name) + keptDaysOf(name));
});

it("tells in one sentence what the service refuses", async () => {
  const { state, run } = bucket();
  Object.defineProperty(state, "isThere", {
    get() {
      throw Object.assign(new Error("No."), { name: "AccessDenied" });
    },
  });
  const refused = run(false);
  await expect(refused).rejects.toThrow(AppError);
  await expect(refused).rejects.toThrow(
    "wtmm-dumps at https://fra1.example.net refuses: AccessDenied, No. This needs the key of its owner.",
  );
});
