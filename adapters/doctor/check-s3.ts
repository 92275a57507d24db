import { randomBytes } from "node:crypto";

import type { S3Settings } from "../../config.ts";
import { BucketError, openBucket, type Bucket } from "../s3.ts";
import { findingsOf, type OutsideCheck, type Finding } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, red } = findingsOf("dumps");

/** One for all examinations: what can't be deleted must not pile up. */
const PROBE = "doctor/probe";

const FIXES: Readonly<Record<string, string>> = {
  NoSuchBucket: "Make the bucket, or set S3_BUCKET (and S3_FORCE_PATH_STYLE) to the one that there is.",
  InvalidAccessKeyId: "Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to a key that there is.",
  SignatureDoesNotMatch:
    "Set S3_SECRET_ACCESS_KEY to the secret that belongs to S3_ACCESS_KEY_ID, and S3_REGION to the bucket's.",
  RequestTimeTooSkewed: "Set the clock: timedatectl",
};

/** What is tried of a bucket. */
export type TriedBucket = Pick<Bucket, "put" | "get" | "remove" | "close">;

/** Whether dumps can be written and read back, and whether whoever steals our key can delete none of them. */
export function checkS3(
  open: (settings: S3Settings, patience: { readonly signal: AbortSignal }) => Promise<TriedBucket> = openBucket,
): OutsideCheck {
  return {
    name: "dumps",
    of: "outside",
    async look({ s3 }, signal) {
      if (s3 === null) return [notConfigured()];
      const bucket = await open(s3, { signal });
      try {
        return await tried(bucket, s3);
      } finally {
        bucket.close();
      }
    },
  };
}

function notConfigured(): Finding {
  return findingsOf("dumps").yellow(
    "No dumps are configured: what is lost with this machine's disk is lost.",
    "Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.",
  );
}

async function tried(bucket: TriedBucket, s3: S3Settings): Promise<Finding[]> {
  const where = `${s3.bucket} at ${s3.endpoint}`;
  const bytes = randomBytes(32);
  try {
    await bucket.put(PROBE, bytes);
    const isSame = bytes.equals(await bucket.get(PROBE));
    if (!isSame) return [red(`${where} gives back something else than was written.`, "Use another service for dumps.")];
    return [green(`${where} keeps what is written, and gives it back.`), deletion(await bucket.remove(PROBE), s3)];
  } catch (error) {
    if (!(error instanceof BucketError)) throw error;
    const fix =
      FIXES[error.code] ?? (error.code === "AccessDenied" ? allowing(s3) : "Look at S3_ENDPOINT, and at the service.");
    return [red(`${where} refuses: ${error.code}, ${reasonOf(error)}.`, fix)];
  }
}

function deletion(result: "removed" | "refused", s3: S3Settings): Finding {
  if (result === "refused") return green("It lets our key delete nothing.");
  return red("It lets our key delete: whoever breaks in here can delete the dumps too.", allowing(s3));
}

/** A bucket's owner may do everything, so the key has to be somebody else's. */
function allowing({ bucket, prefix }: S3Settings): string {
  const principal = { AWS: ["arn:aws:iam:::user/USER"] };
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: principal,
        Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: [`arn:aws:s3:::${bucket}/${prefix}*`],
      },
      { Effect: "Allow", Principal: principal, Action: ["s3:ListBucket"], Resource: [`arn:aws:s3:::${bucket}`] },
    ],
  };
  return (
    "Use a key of another user (USER) than the bucket's owner, and put this policy on the bucket as its owner\n" +
    `(aws s3api put-bucket-policy --bucket ${bucket} --policy file://policy.json):\n${JSON.stringify(policy)}`
  );
}
