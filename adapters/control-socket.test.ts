import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { callControl, serveControl, type ControlHandler } from "./control-socket.ts";

let directory = "";
let path = "";
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-control-"));
  path = join(directory, "control.sock");
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(directory, { recursive: true });
});

it("carries a command there and its result back", async () => {
  const seen: unknown[] = [];
  await serve(async (command, body) => {
    seen.push([command, body]);
    return ["a line", { é: 1 }];
  });
  const result = await callControl(path, "login-link", { address: "jané@example.com" });
  expect(result).toEqual({ running: true, result: ["a line", { é: 1 }] });
  expect(seen).toEqual([["login-link", { address: "jané@example.com" }]]);
});

it("takes commands of any name, no body, a large body and no result", async () => {
  const names: string[] = [];
  await serve(async (command, body) =>
    command === "big" ? JSON.stringify(body).length : names.push(command) && undefined,
  );
  expect(await callControl(path, "../a b/é?", undefined)).toEqual({ running: true, result: undefined });
  expect(names).toEqual(["../a b/é?"]);
  expect(await callControl(path, "big", "x".repeat(20_000_000))).toEqual({ running: true, result: 20_000_002 });
});

it("serves several callers at once", async () => {
  const both = Promise.withResolvers<void>();
  let inside = 0;
  await serve(async (command) => {
    inside += 1;
    if (inside === 2) both.resolve();
    await both.promise;
    return command;
  });
  const results = await Promise.all([callControl(path, "one", null), callControl(path, "two", null)]);
  expect(results.map((each) => each.running && each.result)).toEqual(["one", "two"]);
});

describe("a refusal comes back as its sentence", () => {
  it("with its code", async () => {
    await serve(async () => {
      throw new AppError("not_found", "Nobody has this address.");
    });
    await expect(callControl(path, "x", null)).rejects.toEqual(new AppError("not_found", "Nobody has this address."));
  });

  it("also when it was none of ours", async () => {
    await serve(async () => {
      throw new Error("disk full");
    });
    await expect(callControl(path, "x", null)).rejects.toEqual(new Error("disk full"));
  });
});

describe("no service runs", () => {
  it("when there is no socket, nor even a directory", async () => {
    expect(await callControl(path, "x", null)).toEqual({ running: false });
    expect(await callControl(join(directory, "missing", "d".repeat(120), "s"), "x", null)).toEqual({ running: false });
  });

  it("when it was closed", async () => {
    const control = await serveControl(path, async () => "never");
    await control.close();
    expect(readdirSync(directory)).toEqual([]);
    expect(await callControl(path, "x", null)).toEqual({ running: false });
  });

  it("when its process was killed and left its socket, which the next one replaces", async () => {
    await leaveStaleSocket();
    expect(readdirSync(directory)).toEqual(["control.sock"]);
    expect(await callControl(path, "x", null)).toEqual({ running: false });
    await serve(async () => "alive");
    expect(await callControl(path, "x", null)).toEqual({ running: true, result: "alive" });
  });
});

it("does not take the place of a service that runs", async () => {
  await serve(async () => "first");
  await expect(serveControl(path, async () => "second")).rejects.toMatchObject({ code: "conflict" });
  expect(await callControl(path, "x", null)).toEqual({ running: true, result: "first" });
});

it("is open to its owner alone, and leaves nothing else lying about", async () => {
  await serve(async () => "ok");
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  expect(readdirSync(directory)).toEqual(["control.sock"]);
});

it("replaces a file of another kind that lies in its place", async () => {
  writeFileSync(path, "not a socket");
  await serve(async () => "ok");
  expect(await callControl(path, "x", null)).toEqual({ running: true, result: "ok" });
});

it.runIf(process.platform === "linux")("works where the path is too long for a socket", async () => {
  path = join(directory, "d".repeat(120), "control.sock");
  mkdirSync(join(directory, "d".repeat(120)));
  const control = await serveControl(path, async () => "ok");
  expect(await callControl(path, "x", null)).toEqual({ running: true, result: "ok" });
  await expect(serveControl(path, async () => "second")).rejects.toMatchObject({ code: "conflict" });
  await control.close();
  expect(readdirSync(join(directory, "d".repeat(120)))).toEqual([]);
});

it("says so when the service goes away in the middle of a command", async () => {
  const server = createServer((socket) => socket.once("data", () => socket.destroy())).listen(path);
  await once(server, "listening");
  closers.push(async () => void server.close());
  await expect(callControl(path, "x", null)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^The running service did not answer on .*: socket hang up\.$/),
  });
});

it("finishes the command in progress before it closes", async () => {
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<string>();
  const control = await serveControl(path, () => {
    started.resolve();
    return finish.promise;
  });
  const call = callControl(path, "x", null);
  await started.promise;
  const closing = control.close();
  finish.resolve("done");
  expect(await call).toEqual({ running: true, result: "done" });
  await closing;
});

it("answers a request that is not ours with a sentence", async () => {
  await serve(async () => "ok");
  const outgoing = request({ socketPath: path, method: "POST", path: "/%E0%A4%A" }).end("{");
  const [incoming] = await once(outgoing, "response");
  expect(JSON.parse(Buffer.concat(await incoming.toArray()).toString())).toEqual({
    error: { code: null, message: expect.any(String) },
  });
});

async function serve(handle: ControlHandler): Promise<void> {
  closers.push((await serveControl(path, handle)).close);
}

async function leaveStaleSocket(): Promise<void> {
  const module = JSON.stringify(new URL("control-socket.ts", import.meta.url).href);
  const script = `
    import { serveControl } from ${module};
    await serveControl(${JSON.stringify(path)}, async () => "dead");
    console.log("listening");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}
