import { expect, it } from "vitest";

import { AppError } from "../../errors.ts";
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

/** A bucket that remembers what it was told. */
function bucket(lifecycle: readonly Rule[] = [], policy: readonly Rule[] = []) {
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
  return { state, run: (isCheck: boolean) => bucketCommand(OWNER, USER, isCheck, async () => own) };
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

it("leaves the rules of others as they are, and puts ours right", async () => {
  const [others, ours] = [
    { ID: "photos", Status: "Enabled" },
    { ID: "money/daily", Status: "Disabled" },
  ];
  const { state, run } = bucket([others, ours], [{ Sid: "Photographer", Effect: "Allow" }]);
  state.isThere = true;
  await run(false);
  expect(state.lifecycle).toHaveLength(5);
  expect(state.lifecycle).toContainEqual(others);
  expect(state.lifecycle).not.toContainEqual(ours);
  expect(state.policy).toContainEqual({ Sid: "Photographer", Effect: "Allow" });
});

it("names in its rules this bucket, this prefix and this user alone", () => {
  const { lifecycle, policy } = bucketRules({ bucket: "wtmm-dumps", prefix: "USER/" }, USER);
  expect(lifecycle.map(({ Filter }) => Filter)).toEqual(
    ["hourly", "daily", "monthly", "doctor"].map((name) => ({ Prefix: `USER/${name}/` })),
  );
  expect(policy.map(({ Principal }) => Principal)).toEqual(policy.map(() => ({ AWS: [USER] })));
  const allowed = policy.filter(({ Effect }) => Effect === "Allow").map(({ Action }) => Action);
  expect(allowed.flat().filter((action) => /Delete|Acl|Policy|Versioning|Lifecycle|\*/.test(String(action)))).toEqual(
    [],
  );
  expect(policy[0]).toMatchObject({ Resource: ["arn:aws:s3:::wtmm-dumps/USER/*"] });
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
