// A service for buckets, in a folder and in the place of one outside: it knows what the program asks of one, and refuses nothing.
import { createReadStream, createWriteStream, existsSync, linkSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const [folder = ""] = process.argv.slice(2);
/** An object is a folder of the parts that it came in. */
const at = (path: string): string => join(folder, encodeURIComponent(path));

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: asked } = new URL(request.url ?? "/", "http://bucket");
  const source = request.headers["x-amz-copy-source"];
  if (request.method === "PUT") {
    mkdirSync(at(pathname), { recursive: true });
    const part = asked.get("partNumber");
    if (typeof source !== "string") await pipeline(request, createWriteStream(join(at(pathname), part ?? "1")));
    // In parts of its own: the first of them is all of it.
    else if (part === null || part === "1") copy(`/${decodeURIComponent(source).replace(/^\//, "")}`, pathname);
    const answered = part === null ? "CopyObjectResult" : "CopyPartResult";
    response.setHeader("etag", "one").end(source === undefined ? "" : xml(answered, "<ETag>one</ETag>"));
  } else if (request.method === "POST") {
    request.resume();
    const isBegun = asked.has("uploadId");
    response.end(
      isBegun
        ? xml("CompleteMultipartUploadResult", "<ETag>one</ETag>")
        : xml("InitiateMultipartUploadResult", "<UploadId>one</UploadId>"),
    );
  } else if (asked.has("uploads")) response.end(xml("ListMultipartUploadsResult", ""));
  else if (asked.has("list-type"))
    response.end(xml("ListBucketResult", listed(pathname.replace(/\/?$/, "/"), asked.get("prefix") ?? "")));
  else if (existsSync(at(pathname))) await give(request, pathname, response);
  else response.writeHead(404).end(xml("Error", "<Code>NoSuchKey</Code>"));
}

async function give({ method }: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
  response.setHeader("content-length", bytesOf(path));
  if (method === "GET")
    for (const part of partsOf(path)) await pipeline(createReadStream(part), response, { end: false });
  response.end();
}

function copy(from: string, to: string): void {
  for (const [index, part] of partsOf(from).entries()) linkSync(part, join(at(to), String(index + 1)));
}

function listed(bucket: string, prefix: string): string {
  const paths = readdirSync(folder).map(decodeURIComponent);
  return paths
    .filter((path) => path.startsWith(bucket + prefix))
    .toSorted()
    .map((path) => `<Contents><Key>${path.slice(bucket.length)}</Key><Size>${bytesOf(path)}</Size></Contents>`)
    .join("");
}

function partsOf(path: string): string[] {
  const names = existsSync(at(path)) ? readdirSync(at(path)) : [];
  return names.toSorted((a, b) => Number(a) - Number(b)).map((name) => join(at(path), name));
}

function bytesOf(path: string): number {
  return partsOf(path).reduce((sum, part) => sum + statSync(part).size, 0);
}

function xml(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`;
}
