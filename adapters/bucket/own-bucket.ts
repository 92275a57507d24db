import type { LifecycleRule } from "@aws-sdk/client-s3";

import type { S3Settings } from "../../config.ts";
import type { Rule } from "./bucket-rules.ts";

/** A bucket as its owner sees it. What was never set is empty. */
export type OwnBucket = {
  exists(): Promise<boolean>;
  make(): Promise<unknown>;
  keepsVersions(): Promise<boolean>;
  keepVersions(): Promise<unknown>;
  lifecycle(): Promise<readonly Rule[]>;
  setLifecycle(rules: readonly Rule[]): Promise<unknown>;
  policy(): Promise<readonly Rule[]>;
  setPolicy(statements: readonly Rule[]): Promise<unknown>;
  close(): void;
};

/** Opens a bucket with the key of its owner. Everything rejects with the error of the service's client. */
export async function openOwnBucket(settings: S3Settings): Promise<OwnBucket> {
  const s3 = await import("./own-bucket-client.ts");
  const { accessKeyId, secretAccessKey, endpoint, region, forcePathStyle, bucket: Bucket } = settings;
  const client = new s3.S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    // As in s3.ts.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return {
    // Not by HEAD, whose refusals have no words.
    exists: async () => (await orNothing(client.send(new s3.GetBucketVersioningCommand({ Bucket })))) !== undefined,
    make: () => client.send(new s3.CreateBucketCommand({ Bucket })),
    keepsVersions: async () => (await client.send(new s3.GetBucketVersioningCommand({ Bucket }))).Status === "Enabled",
    keepVersions: () =>
      client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
    async lifecycle() {
      const found = await orNothing(client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket })));
      return (found?.Rules ?? []).map((rule) => ({ ...rule }));
    },
    setLifecycle: (rules) => {
      const LifecycleConfiguration = { Rules: rules as unknown as LifecycleRule[] };
      return client.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    },
    async policy() {
      return statementsOf((await orNothing(client.send(new s3.GetBucketPolicyCommand({ Bucket }))))?.Policy);
    },
    setPolicy: (Statement) => {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
      return client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    },
    close: () => client.destroy(),
  };
}

const NOTHING = ["NoSuchBucket", "NoSuchBucketPolicy", "NoSuchLifecycleConfiguration"];

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && NOTHING.includes(error.name)) return undefined;
    throw error;
  }
}

/** One statement may stand without a list around it. */
function statementsOf(policy: string | undefined): readonly Rule[] {
  const { Statement } = JSON.parse(policy ?? '{ "Statement": [] }') as { Statement: Rule | readonly Rule[] };
  return [Statement].flat();
}
