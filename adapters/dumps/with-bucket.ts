import { ConfigError, type S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { sayBucketError } from "../s3-advice.ts";
import { BucketError, type Patience } from "../s3.ts";
import type { DumpShelf } from "./restore-source.ts";

/** A way to open a bucket; tests have their own. */
export type OpenShelf = (settings: S3Settings, patience?: Patience) => Promise<DumpShelf & { close(): void }>;

/**
 * Does something with the bucket of the dumps, for somebody who runs a command.
 *
 * @throws ConfigError when none is set; AppError `unavailable` with a sentence on what the bucket's service said; what `work` throws
 */
export async function withBucket<T>(
  s3: S3Settings | null,
  open: OpenShelf,
  work: (bucket: DumpShelf) => Promise<T>,
): Promise<T> {
  if (s3 === null) {
    throw new ConfigError(
      "No bucket is set. Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to where the dumps are.",
    );
  }
  const bucket = await open(s3);
  try {
    return await work(bucket);
  } catch (error) {
    if (!(error instanceof BucketError)) throw error;
    throw new AppError("unavailable", sayBucketError(error, s3), { cause: error });
  } finally {
    bucket.close();
  }
}
