import { Readable } from "node:stream";

import type { S3Settings } from "../config.ts";
import { copyObject } from "./s3-copy.ts";

/** Things in a bucket by their key, which begins with the bucket's prefix by itself. */
export type Bucket = {
  /** Keeps bytes under a key, in the place of what was there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * Keeps all that a stream gives under a key. It is there as a whole or not at all; what was sent of it is thrown away when
   * it fails, where the service can still be told.
   *
   * @param partBytes how much is sent at once (and sent again when it got lost): 5 MiB or more, at most 10,000 such parts
   * @param sent told how many bytes are there
   * @returns when it is kept; rejects with the stream's own error when the stream fails
   */
  putStream(key: string, stream: Readable, partBytes: number, sent?: (bytes: number) => void): Promise<void>;
  /** @throws BucketError `NoSuchKey` when there is nothing */
  get(key: string): Promise<Uint8Array>;
  /**
   * The bytes under a key as they come, from an offset on; the stream fails with a BucketError when its end is missing.
   *
   * @throws BucketError `NoSuchKey` when there is nothing
   */
  read(key: string, from?: number): Promise<Readable>;
  /** Everything whose key begins so, in alphabetical order; of those that stand behind `after`, be that a key or not. */
  list(prefix: string, after?: string): Promise<{ readonly key: string; readonly bytes: number }[]>;
  /** How large something is; null when there is nothing. */
  bytesOf(key: string): Promise<number | null>;
  /**
   * Copies within the service. It is there as a whole or not at all.
   *
   * @param partBytes what is larger is copied in parts of that size: 5 MiB or more and 5 GB or less, at most 10,000 such parts
   */
  copy(from: string, to: string, partBytes: number): Promise<void>;
  /** Throws away what was begun of uploads in parts under keys that begin so, and never ended; how many there were. */
  abortUploads(prefix: string): Promise<number>;
  /** Deletes what is under a key; "refused" when our key may not. */
  remove(key: string): Promise<"removed" | "refused">;
  close(): void;
};

/** How patient one is with a service. */
export type Patience = {
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /** How often something is tried in all. */
  readonly attempts?: number;
  /** How long it may say nothing. */
  readonly silenceMs?: number;
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
const SILENCE_MS = 60_000;
// Two are sent while the next is sealed; each is held in memory.
const PARTS_AT_ONCE = 2;

/** Opens a bucket. The client is loaded on first use, because it is large and the service does not need it to start. */
export async function openBucket(settings: S3Settings, patience: Patience = {}): Promise<Bucket> {
  const s3 = await import("./s3-client.ts");
  const { accessKeyId, secretAccessKey, endpoint, region, forcePathStyle } = settings;
  const { signal, attempts = ATTEMPTS, silenceMs = SILENCE_MS } = patience;
  const client = new s3.S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: silenceMs, socketTimeout: silenceMs },
    // Checksums that nobody asked for make services other than Amazon's refuse what is streamed (411), or keep it wrongly framed.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const { bucket: Bucket, prefix: ours } = settings;
  const at = (key: string) => ({ Bucket, Key: ours + key });
  const options = signal === undefined ? {} : { abortSignal: signal };
  return {
    async put(key, bytes) {
      await client.send(new s3.PutObjectCommand({ ...at(key), Body: bytes }), options).catch(rethrow);
    },
    async get(key) {
      const { Body } = await client.send(new s3.GetObjectCommand(at(key)), options).catch(rethrow);
      return (await Body?.transformToByteArray().catch(rethrow)) ?? new Uint8Array();
    },
    async remove(key) {
      try {
        await client.send(new s3.DeleteObjectCommand(at(key)), options).catch(rethrow);
        return "removed";
      } catch (error) {
        if (error instanceof BucketError && error.code === "AccessDenied") return "refused";
        throw error;
      }
    },
    async putStream(key, stream, partSize, sent = () => {}) {
      const params = { ...at(key), Body: stream };
      const upload = new s3.Upload({ client, params, partSize, queueSize: PARTS_AT_ONCE });
      upload.on("httpUploadProgress", ({ loaded }) => sent(loaded ?? 0));
      await endingWith(stream, signal, () => upload.done());
    },
    async read(key, from = 0) {
      const asked = { ...at(key), ...(from === 0 ? {} : { Range: `bytes=${from}-` }) };
      const { Body } = await client.send(new s3.GetObjectCommand(asked), options).catch(rethrow);
      if (!(Body instanceof Readable)) throw new Error("The client gave no stream.");
      return Readable.from(failing(Body), { objectMode: false });
    },
    async bytesOf(key) {
      try {
        const { ContentLength } = await client.send(new s3.HeadObjectCommand(at(key)), options).catch(rethrow);
        return ContentLength ?? 0;
      } catch (error) {
        // An answer without a body has no words.
        if (error instanceof BucketError && error.code === "NotFound") return null;
        throw error;
      }
    },
    async list(prefix, after) {
      const listed: { key: string; bytes: number }[] = [];
      for (let token: string | undefined, more = true; more; more = token !== undefined) {
        const StartAfter = after === undefined ? undefined : ours + after;
        const asked = { Bucket, Prefix: ours + prefix, StartAfter, ContinuationToken: token };
        const page = await client.send(new s3.ListObjectsV2Command(asked), options).catch(rethrow);
        for (const { Key = "", Size = 0 } of page.Contents ?? [])
          listed.push({ key: Key.slice(ours.length), bytes: Size });
        token = page.NextContinuationToken;
      }
      return listed;
    },
    copy: (from, to, partBytes) => copyObject(client, at(from), at(to), partBytes, options).catch(rethrow),
    async abortUploads(prefix) {
      let count = 0;
      for (;;) {
        const asked = { Bucket, Prefix: ours + prefix };
        const { Uploads = [] } = await client.send(new s3.ListMultipartUploadsCommand(asked), options).catch(rethrow);
        for (const { Key, UploadId } of Uploads) {
          await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), options).catch(rethrow);
        }
        count += Uploads.length;
        if (Uploads.length === 0) return count;
      }
    },
    close: () => client.destroy(),
  };
}

/** What the stream says of itself is not the bucket's fault. Where the service can be told, its parts go. */
async function endingWith(
  stream: Readable,
  signal: AbortSignal | undefined,
  done: () => Promise<unknown>,
): Promise<void> {
  let ownError: Error | null = null;
  stream.once("error", (error) => (ownError = error));
  const end = (): void => void stream.destroy(new BucketError("AbortError", "The upload was ended."));
  signal?.addEventListener("abort", end);
  if (signal?.aborted === true) end();
  try {
    await done();
  } catch (error) {
    // An upload that fails ends the stream, too, which then says nothing of why.
    if (error === ownError) throw error;
    rethrow(error);
  } finally {
    signal?.removeEventListener("abort", end);
    stream.destroy();
  }
}

async function* failing(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    rethrow(error);
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  throw new BucketError(code, error.message, { cause: error });
}
