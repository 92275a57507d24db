import { once } from "node:events";
import { chmodSync, closeSync, mkdtempSync, openSync, renameSync, rmSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { connect } from "node:net";
import { basename, dirname, join } from "node:path";

import * as v from "valibot";

import { AppError, STATUS_OF, type ErrorCode } from "../errors.ts";

/** Carries out one operator command; what it returns must fit into JSON. */
export type ControlHandler = (command: string, body: unknown) => Promise<unknown>;

/** What a call came to; `running` is false when no service listens. */
export type ControlCall = { readonly running: false } | { readonly running: true; readonly result: unknown };

// The kernel's room for a socket's path: 108 bytes on Linux, 104 on macOS, the last of them 0.
const PATH_BYTES = 103;
// systemd and people wait no longer than this for a command in progress.
const CLOSE_TIMEOUT_MS = 5000;

const codes = v.picklist(Object.keys(STATUS_OF).filter((code): code is ErrorCode => code in STATUS_OF));
const reply = v.union([
  v.object({ error: v.object({ code: v.nullable(codes), message: v.string() }) }),
  v.object({ result: v.optional(v.unknown()) }),
]);

/**
 * Lets operator commands reach the running service: JSON over HTTP on a unix socket that only its owner can open, from
 * its first moment on. A socket that a dead process left there is replaced.
 *
 * @param path in a directory that exists; `handle` is called for whatever is posted to it
 * @throws AppError `conflict` when a living process listens there, `invalid` when the path is too long
 */
export async function serveControl(path: string, handle: ControlHandler): Promise<{ close(): Promise<void> }> {
  if (await isAnswered(path)) throw new AppError("conflict", `Another wtmm listens on ${path}.`);
  const server = createServer((incoming, outgoing) => {
    replyTo(incoming, handle)
      .then((text) => outgoing.setHeader("Connection", "close").end(text))
      // The caller went away in the middle of its request.
      .catch(() => outgoing.destroy());
  });
  const release = await listenPrivately(server, path);
  return {
    async close() {
      rmSync(path, { force: true });
      const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(deadline);
      release();
    },
  };
}

/**
 * Has the running service carry a command out, however long that takes.
 *
 * @throws AppError or Error with the sentence that the service refused it with, or that says how the call failed
 */
export async function callControl(path: string, command: string, body: unknown): Promise<ControlCall> {
  let text: string;
  try {
    text = await post(path, command, body);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ECONNREFUSED") return { running: false };
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("unavailable", `The running service did not answer on ${path}: ${reason}.`, { cause: error });
  }
  const answer = v.parse(reply, JSON.parse(text));
  if (!("error" in answer)) return { running: true, result: answer.result };
  const { code, message } = answer.error;
  throw code === null ? new Error(message) : new AppError(code, message);
}

async function replyTo(incoming: IncomingMessage, handle: ControlHandler): Promise<string> {
  const text = await textOf(incoming);
  try {
    const command = decodeURIComponent((incoming.url ?? "/").slice(1));
    return JSON.stringify({ result: await handle(command, JSON.parse(text)) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ error: { code: error instanceof AppError ? error.code : null, message } });
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  return Buffer.concat(await incoming.toArray()).toString("utf8");
}

/** Made in a directory of its own that nobody else can enter, and moved into its place when its mode is right. */
async function listenPrivately(server: Server, path: string): Promise<() => void> {
  const directory = mkdtempSync(join(dirname(path), ".control-"));
  const made = join(directory, "s");
  const short = withinReach(made);
  try {
    server.listen(short.path);
    await once(server, "listening");
    chmodSync(made, 0o600);
    renameSync(made, path);
  } catch (error) {
    server.close();
    short.release();
    throw error;
  } finally {
    rmSync(directory, { recursive: true });
  }
  // Closing the server removes the path that it was made under, so that must go on meaning the same.
  return short.release;
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const short = withinReach(path);
    const socket = connect(short.path);
    const end = (isThere: boolean): void => {
      socket.destroy();
      short.release();
      resolve(isThere);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

async function post(path: string, command: string, body: unknown): Promise<string> {
  const short = withinReach(path);
  try {
    const outgoing = request({ socketPath: short.path, method: "POST", path: `/${encodeURIComponent(command)}` });
    outgoing.end(JSON.stringify(body ?? null));
    const answered = await once(outgoing, "response");
    const incoming: IncomingMessage = answered[0];
    return await textOf(incoming);
  } finally {
    short.release();
  }
}

/** A way to a path that is too long for a socket: through its directory, opened. Only Linux has one. */
function withinReach(path: string): { readonly path: string; readonly release: () => void } {
  if (Buffer.byteLength(path) <= PATH_BYTES) return { path, release: () => {} };
  if (process.platform !== "linux") {
    throw new AppError(
      "invalid",
      `${path} is too long for a socket (${PATH_BYTES} bytes). Set DATA_DIR to a shorter path.`,
    );
  }
  const directory = openSync(dirname(path), "r");
  return { path: `/proc/self/fd/${directory}/${basename(path)}`, release: () => closeSync(directory) };
}
