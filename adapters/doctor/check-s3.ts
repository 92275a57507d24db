import { randomBytes } from "node:crypto";

import type { S3Settings } from "../../config.ts";
import { bucketRules } from "../bucket/bucket-rules.ts";
import { fixOf } from "../s3-advice.ts";
import { BucketError, openBucket, type Bucket } from "../s3.ts";
import { isRecipient } from "../dumps/seal.ts";
import { findingsOf, type OutsideCheck, type Finding } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, red } = findingsOf("dumps");

/** The key of what is tried: one for all examinations, since what can't be deleted must not pile up. */
export const PROBE = "doctor/probe";

/** What is tried of a bucket. */
export type TriedBucket = Pick<Bucket, "put" | "get" | "remove" | "close">;

/** Whether dumps can be written and read back, and whether whoever steals our key can delete none of them. */
export function checkS3(
  open: (settings: S3Settings, patience: { readonly signal: AbortSignal }) => Promise<TriedBucket> = openBucket,
): OutsideCheck {
  return {
    name: "dumps",
    of: "outside",
    async look({ s3, dumpRecipients }, signal) {
      if (s3 === null) return [notConfigured()];
      if (dumpRecipients.length === 0) return [nobodyCouldOpen()];
      const wrong = dumpRecipients.find((recipient) => !isRecipient(recipient));
      if (wrong !== undefined) return [misspelt(wrong)];
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
    "Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and DUMP_RECIPIENT.",
  );
}

function nobodyCouldOpen(): Finding {
  return red(
    "DUMP_RECIPIENT is not set: no dump is made, because nobody could open it.",
    "Make a pair of keys on another machine (age-keygen), keep the secret one there, and set DUMP_RECIPIENT to the public one.",
  );
}

function misspelt(recipient: string): Finding {
  return red(
    `DUMP_RECIPIENT has a mistake in ${recipient}: no dump is made.`,
    "Copy the public key again: it begins with age1.",
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
      fixOf(error.code) ?? (error.code === "AccessDenied" ? allowing(s3) : "Look at S3_ENDPOINT, and at the service.");
    return [red(`${where} refuses: ${error.code}, ${reasonOf(error)}.`, fix)];
  }
}

function deletion(result: "removed" | "refused", s3: S3Settings): Finding {
  if (result === "refused") return green("It lets our key delete nothing.");
  return red(
    "It lets our key delete: whoever breaks in here can delete the dumps too.",
    `Where the store knows no policies, have another machine pull a copy: bin/pull-copy, see docs/operations.md. Otherwise:\n${allowing(s3)}`,
  );
}

/** A bucket's owner may do everything, so the key has to be somebody else's. */
function allowing(s3: S3Settings): string {
  const user = "arn:aws:iam:::user/USER";
  const policy = { Version: "2012-10-17", Statement: bucketRules(s3, user).policy };
  return (
    "Use a key of another user (USER) than the bucket's owner, and elsewhere, with the owner's key in S3_ACCESS_KEY_ID:\n" +
    `wtmm bucket --user ${user}\nIt puts this policy on the bucket:\n${JSON.stringify(policy)}`
  );
}
