import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import type { Bucket } from "../adapters/s3.ts";

/**
 * A bucket in memory.
 *
 * @param things what it holds, by key
 * @param before told of each key before something is kept under it; what it throws is what the bucket says
 */
export function memoryBucket(things: Map<string, Uint8Array>, before: (key: string) => void = () => {}): Bucket {
  const of = (key: string): Uint8Array => things.get(key) ?? new Uint8Array();
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    before(key);
    things.set(key, bytes);
  };
  return {
    put,
    putStream: async (key, stream) => put(key, await buffer(stream)),
    get: async (key) => of(key),
    read: async (key, from = 0) => Readable.from([of(key).subarray(from)]),
    list: async (prefix) =>
      [...things].flatMap(([key, { length: bytes }]) => (key.startsWith(prefix) ? [{ key, bytes }] : [])),
    bytesOf: async (key) => of(key).length,
    copy: async (from, to) => void things.set(to, of(from)),
    abortUploads: async () => 0,
    remove: async () => "refused",
    close: () => {},
  };
}
