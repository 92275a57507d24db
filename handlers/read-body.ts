import type { App, Gate } from "../app.ts";
import { AppError } from "../errors.ts";

// Two bodies of the largest size fit beside everything else on the smallest machine; more of them would not.
const LARGE_BODY_BYTES = 5 * 1024 * 1024;

/**
 * Reads a request's whole body.
 *
 * @throws AppError as `withBody`
 */
export function readBody(request: Request, maxBytes: number, app: Pick<App, "largeBodies">): Promise<Uint8Array> {
  return withBody(request, maxBytes, app, async (body) => body);
}

/**
 * Reads a request's whole body and hands it to `use`. A large one holds its room in memory until `use` is done with it.
 *
 * @throws AppError `too_large` beyond `maxBytes`, declared or sent; `unavailable` when it is a large one and there is no
 *   room in memory for it just now; `invalid` when the sender broke off; and what `use` throws
 */
export async function withBody<T>(
  request: Request,
  maxBytes: number,
  app: Pick<App, "largeBodies">,
  use: (body: Uint8Array) => Promise<T>,
): Promise<T> {
  const length = request.headers.get("content-length");
  const declared = Number(length ?? "0");
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const room = new Room(app.largeBodies);
  try {
    if (declared > LARGE_BODY_BYTES) room.take();
    // A declared length is kept by the server that framed the request; without one the bytes are counted as they come.
    return await use(length === null ? await collect(request, maxBytes, room) : await whole(request));
  } finally {
    room.giveBack();
  }
}

async function whole(request: Request): Promise<Uint8Array> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch (error) {
    throw brokenOff(error);
  }
}

async function collect(request: Request, maxBytes: number, room: Room): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (size > LARGE_BODY_BYTES) room.take();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw brokenOff(error);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

class Room {
  #taken = false;
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  take(): void {
    if (this.#taken) return;
    if (!this.#gate.enter()) {
      throw new AppError("unavailable", "Too many large mails at once. Please try again in a minute.");
    }
    this.#taken = true;
  }

  giveBack(): void {
    if (this.#taken) this.#gate.leave();
    this.#taken = false;
  }
}

function brokenOff(cause: unknown): AppError {
  return new AppError("invalid", "The request broke off before its end.", { cause });
}

function tooLarge(maxBytes: number): AppError {
  const kilobytes = Math.floor(maxBytes / 1024);
  const limit = kilobytes < 1024 ? `${kilobytes} kB` : `${Math.floor(kilobytes / 1024)} MB`;
  return new AppError("too_large", `The request is larger than ${limit}.`);
}
