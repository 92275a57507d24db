import { expect, it } from "vitest";

import type { S3Settings } from "../../config.ts";
import { serviceConfig } from "../../test/service-config.ts";
import { bucketRules } from "../bucket/bucket-rules.ts";
import { BucketError } from "../s3.ts";
import { checkS3, type TriedBucket } from "./check-s3.ts";

const stop = new AbortController().signal;
const S3 = {
  S3_ENDPOINT: "https://fra1.example.net",
  S3_BUCKET: "dumps",
  S3_PREFIX: "wtmm",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "very-secret",
  DUMP_RECIPIENT: "age1pyr2lv6c7nw7rantdefx6lq5gs6ucm9wfleac06x6t4dcqnt94hs3sr7cn",
};

/** A bucket in memory that refuses to delete, where it is not told otherwise. */
function found(change: Partial<TriedBucket> = {}, settings: Readonly<Record<string, string>> = S3) {
  const kept = new Map<string, Uint8Array>();
  const bucket: TriedBucket = {
    put: async (key, bytes) => void kept.set(key, bytes),
    get: async (key) => kept.get(key) ?? new Uint8Array(),
    remove: async () => "refused",
    close: () => {},
    ...change,
  };
  return checkS3(async (settings: S3Settings) => {
    expect(settings.bucket).toBe("dumps");
    return bucket;
  }).look(serviceConfig(settings), stop);
}

const refusing = (code: string) => ({ put: async () => Promise.reject(new BucketError(code, "Words of the service")) });

it("is green when dumps can be written and read, and not be deleted", async () => {
  expect((await found()).map(({ state, says }) => `${state}: ${says}`)).toEqual([
    "green: dumps at https://fra1.example.net keeps what is written, and gives it back.",
    "green: It lets our key delete nothing.",
  ]);
});

it("is one line when there are no dumps", async () => {
  expect(await checkS3().look(serviceConfig(), stop)).toMatchObject([
    { check: "dumps", state: "yellow", says: expect.stringMatching(/^No dumps are configured/) },
  ]);
});

it("is red while nobody could open a dump", async () => {
  const misspelt = S3.DUMP_RECIPIENT.replace("lv6", "lw6");
  expect(await found({}, { ...S3, DUMP_RECIPIENT: "" })).toMatchObject([
    {
      state: "red",
      says: expect.stringMatching(/^DUMP_RECIPIENT is not set/),
      fix: expect.stringContaining("age-keygen"),
    },
  ]);
  expect(await found({}, { ...S3, DUMP_RECIPIENT: `${S3.DUMP_RECIPIENT} ${misspelt}` })).toMatchObject([
    { state: "red", says: `DUMP_RECIPIENT has a mistake in ${misspelt}: no dump is made.` },
  ]);
});

it("is red when our key may delete, and shows the policy that keeps it from that", async () => {
  const [, finding] = await found({ remove: async () => "removed" });
  expect(finding).toMatchObject({ state: "red", says: expect.stringMatching(/^It lets our key delete: /) });
  const policy: unknown = JSON.parse(finding?.fix?.split("\n").at(-1) ?? "");
  const { policy: Statement } = bucketRules({ bucket: "dumps", prefix: "wtmm/" }, "arn:aws:iam:::user/USER");
  expect(policy).toEqual({ Version: "2012-10-17", Statement });
});

it("is red when something else comes back", async () => {
  const [finding, ...more] = await found({ get: async () => new Uint8Array(32) });
  expect(finding).toMatchObject({ state: "red", says: expect.stringContaining("something else than was written") });
  expect(more).toEqual([]);
});

it.each([
  ["NoSuchBucket", "Make the bucket"],
  ["InvalidAccessKeyId", "S3_ACCESS_KEY_ID"],
  ["SignatureDoesNotMatch", "S3_SECRET_ACCESS_KEY"],
  ["AccessDenied", '"s3:PutObject"'],
  ["ECONNREFUSED", "S3_ENDPOINT"],
])("is red when the service says %s, with what helps", async (code, fix) => {
  const says = `dumps at https://fra1.example.net refuses: ${code}, Words of the service.`;
  expect(await found(refusing(code))).toMatchObject([{ state: "red", says, fix: expect.stringContaining(fix) }]);
});

it("closes what it opened, also when a bug stops it", async () => {
  let isClosed = false;
  const bug = async () => Promise.reject(new TypeError("a bug"));
  await expect(found({ put: bug, close: () => (isClosed = true) })).rejects.toThrow("a bug");
  expect(isClosed).toBe(true);
});
