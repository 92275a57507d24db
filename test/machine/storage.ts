import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";

import { bucketRules } from "../../adapters/bucket/bucket-rules.ts";
import type { S3Settings } from "../../config.ts";

const run = promisify(execFile);
const testbed = join(import.meta.dirname, "testbed");
const s3 = join(import.meta.dirname, "s3");

/** A real S3 service (Ceph), with users of its own for one test. */
export type Storage = {
  /** The settings of a user's key to a bucket that nobody made yet, the same for all users. */
  settings(user: "owner" | "machine" | "stranger"): S3Settings;
  /** How the service names a user. */
  arn(user: "owner" | "machine" | "stranger"): string;
  /**
   * Makes the bucket, in which the machine's key may destroy nothing, and nothing is ever forgotten: days are seconds here.
   *
   * @returns what its owner asks with; to be destroyed
   */
  makeBucket(): Promise<S3Client>;
  remove(): Promise<void>;
};

/** Starts the service where it doesn't run yet. */
export async function startStorage(): Promise<Storage> {
  const wasRunning = (await run(testbed, ["list"])).stdout.split("\n").some((line) => line.startsWith("s3 "));
  const { stdout } = await run(s3, ["up"]);
  const endpoint = /^ENDPOINT=(\S+)$/m.exec(stdout)?.[1] ?? "";
  const suffix = randomBytes(4).toString("hex");
  const uid = (user: string) => `${user}-${suffix}`;
  const secret = (user: string) => `secret-of-${user}`;
  for (const user of ["owner", "machine", "stranger"]) {
    const keys = `--access-key=${uid(user)} --secret-key=${secret(user)}`;
    await run(testbed, ["ssh", "s3", `radosgw-admin user create --uid=${uid(user)} --display-name=${user} ${keys}`]);
  }
  const settings = (user: string): S3Settings => ({
    ...{ endpoint, region: "us-east-1", bucket: `dumps-${suffix}`, prefix: "money/", forcePathStyle: true },
    ...{ accessKeyId: uid(user), secretAccessKey: secret(user) },
  });
  const arn = (user: string) => `arn:aws:iam:::user/${uid(user)}`;
  return {
    settings,
    arn,
    async makeBucket() {
      const { region, bucket: Bucket, accessKeyId, secretAccessKey } = settings("owner");
      const credentials = { accessKeyId, secretAccessKey };
      const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
      await client.send(new CreateBucketCommand({ Bucket }));
      const { policy } = bucketRules(settings("owner"), arn("machine"));
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: policy });
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      return client;
    },
    async remove() {
      if (!wasRunning) await run(s3, ["down"]);
    },
  };
}
