import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import type { S3Settings } from "../config.ts";
import { openBucket } from "./s3.ts";

/** A bucket that keeps what it is sent, and what it was asked; a key named after a fault meets it. */
async function startBucket(): Promise<{ settings: S3Settings; asked: IncomingMessage[]; kept: Map<string, Buffer> }> {
  const kept = new Map<string, Buffer>();
  const asked: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request);
    const path = new URL(request.url ?? "", "http://s3").pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const fault = (code: string, status: number) =>
      response
        .writeHead(status, { "content-type": "application/xml" })
        .end(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
    if (request.url?.includes("list-type=2") === true)
      return response.end("<ListBucketResult><Contents><Key>a/b/c/1</Key><Size>3</Size></Contents></ListBucketResult>");
    if (request.method === "DELETE")
      return path.endsWith("loose") ? response.writeHead(204).end() : fault("AccessDenied", 403);
    if (path.endsWith("denied")) return fault("AccessDenied", 403);
    if (request.method === "PUT") kept.set(path, Buffer.concat(chunks));
    const bytes = kept.get(path);
    return bytes === undefined ? fault("NoSuchKey", 404) : response.end(request.method === "PUT" ? "" : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = { accessKeyId: "id", secretAccessKey: "very-secret" };
  return {
    settings: { endpoint, region: "eu-1", bucket: "dumps", prefix: "a/b/", forcePathStyle: true, ...key },
    asked,
    kept,
  };
}

it("keeps bytes under the prefix as they are, and gives them back", async () => {
  const { settings, asked, kept } = await startBucket();
  const bucket = await openBucket(settings);
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await bucket.put("c", bytes);
  expect([...kept]).toEqual([["/dumps/a/b/c", Buffer.from(bytes)]]);
  expect(Buffer.from(await bucket.get("c")).equals(bytes)).toBe(true);
  expect(asked[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-1\/s3\/aws4_request/);
  // Services other than Amazon's don't know these.
  expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => /checksum|trailer|sdk-checksum/.test(name))).toEqual([]);
  bucket.close();
});

it("lists what begins so, from behind a key on when one is given", async () => {
  const { settings, asked } = await startBucket();
  const bucket = await openBucket(settings);
  expect(await bucket.list("c/")).toEqual([{ key: "c/1", bytes: 3 }]);
  await bucket.list("c/", "c/0");
  const questions = asked.map(({ url = "" }) => Object.fromEntries(new URL(url, "http://s3").searchParams));
  expect(questions[0]).not.toHaveProperty("start-after");
  expect(questions[1]).toMatchObject({ prefix: "a/b/c/", "start-after": "a/b/c/0" });
  bucket.close();
});

it("tells whether its key may delete", async () => {
  const { settings } = await startBucket();
  const bucket = await openBucket(settings);
  expect(await bucket.remove("loose")).toBe("removed");
  expect(await bucket.remove("tight")).toBe("refused");
  bucket.close();
});

it("tells in the service's own words what it refuses", async () => {
  const { settings } = await startBucket();
  const bucket = await openBucket(settings);
  await expect(bucket.get("nothing")).rejects.toMatchObject({ name: "BucketError", code: "NoSuchKey" });
  await expect(bucket.put("denied", new Uint8Array(1))).rejects.toMatchObject({ code: "AccessDenied", message: "No." });
  bucket.close();
});

it("tells that nobody is there, and stops when it is told to", async () => {
  const { settings } = await startBucket();
  const gone = await openBucket({ ...settings, endpoint: "http://127.0.0.1:9" });
  await expect(gone.put("c", new Uint8Array(1))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  gone.close();
  const stopped = await openBucket(settings, { signal: AbortSignal.abort() });
  await expect(stopped.put("c", new Uint8Array(1))).rejects.toMatchObject({ name: "BucketError", code: "AbortError" });
  stopped.close();
});

it("gives up a service that says nothing", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { settings } = await startBucket();
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const bucket = await openBucket({ ...settings, endpoint }, { attempts: 1, silenceMs: 50 });
  await expect(bucket.get("c")).rejects.toMatchObject({ name: "BucketError", code: "TimeoutError" });
  bucket.close();
});
