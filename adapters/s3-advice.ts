import type { S3Settings } from "../config.ts";
import { BucketError } from "./s3.ts";

const FIXES: Readonly<Record<string, string>> = {
  NoSuchBucket: "Make the bucket, or set S3_BUCKET (and S3_FORCE_PATH_STYLE) to the one that there is.",
  InvalidAccessKeyId: "Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to a key that there is.",
  SignatureDoesNotMatch:
    "Set S3_SECRET_ACCESS_KEY to the secret that belongs to S3_ACCESS_KEY_ID, and S3_REGION to the bucket's.",
  RequestTimeTooSkewed: "Set the clock: timedatectl",
};

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "TimeoutError",
]);

/** How to mend what a service says, by its own word for it; null for what nobody foresaw. */
export function fixOf(code: string): string | null {
  return FIXES[code] ?? null;
}

/** What a service refused, or that it can't be reached, in a sentence or two; the service's words are left out where they say less. */
export function sayBucketError({ code, message }: BucketError, { bucket, endpoint }: S3Settings): string {
  const where = `The bucket ${bucket} at ${endpoint}`;
  if (UNREACHABLE.has(code)) return `${where} can't be reached (${code}): see whether it runs, and S3_ENDPOINT.`;
  const fix = code === "AccessDenied" ? "`wtmm doctor` shows the policy that lets it." : fixOf(code);
  return `${where} refuses (${code}${message === "UnknownError" ? "" : `, ${message}`}). ${fix ?? "`wtmm doctor` looks further."}`;
}
