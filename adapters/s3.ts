import type { S3Settings } from "../config.ts";

/** Things in a bucket by their key, which begins with the bucket's prefix by itself. */
export type Bucket = {
  /** Keeps bytes under a key, in the place of what was there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** @throws BucketError `NoSuchKey` when there is nothing */
  get(key: string): Promise<Uint8Array>;
  /** Deletes what is under a key; "refused" when our key may not. */
  remove(key: string): Promise<"removed" | "refused">;
  close(): void;
};

/** The service refused, or could not be reached. `code` is its own word for why: `AccessDenied`, `NoSuchBucket`, `ECONNREFUSED`. */
export class BucketError extends Error {
  override readonly name = "BucketError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const ATTEMPTS = 2;

/**
 * Opens a bucket. The client is loaded on first use, because it is large and the service does not need it to start.
 *
 * @param signal ends what is under way
 */
export async function openBucket(settings: S3Settings, signal?: AbortSignal): Promise<Bucket> {
  const { S3Client, PutObjectCommand, GetObjectCommand, DeleteObjectCommand } = await import("./s3-client.ts");
  const { accessKeyId, secretAccessKey, endpoint, region, forcePathStyle } = settings;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: ATTEMPTS,
    // Checksums that nobody asked for make services other than Amazon's refuse what is streamed (411), or keep it wrongly framed.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const at = (key: string) => ({ Bucket: settings.bucket, Key: settings.prefix + key });
  const options = signal === undefined ? {} : { abortSignal: signal };
  return {
    async put(key, bytes) {
      await client.send(new PutObjectCommand({ ...at(key), Body: bytes }), options).catch(rethrow);
    },
    async get(key) {
      const { Body } = await client.send(new GetObjectCommand(at(key)), options).catch(rethrow);
      return (await Body?.transformToByteArray().catch(rethrow)) ?? new Uint8Array();
    },
    async remove(key) {
      try {
        await client.send(new DeleteObjectCommand(at(key)), options).catch(rethrow);
        return "removed";
      } catch (error) {
        if (error instanceof BucketError && error.code === "AccessDenied") return "refused";
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

function rethrow(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  throw new BucketError(code, error.message, { cause: error });
}
