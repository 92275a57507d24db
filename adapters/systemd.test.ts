import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { App } from "../app.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { dataFolder } from "../test/program.ts";
import { tellSystemd, type Systemd } from "./systemd.ts";

const THIRTY_SECONDS = { WATCHDOG_USEC: "30000000" };

let app: FakeApp;
let data: ReturnType<typeof dataFolder>;
let systemd: Systemd | null = null;

beforeEach(async () => {
  app = await fakeApp();
  data = dataFolder();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(async () => {
  systemd?.close();
  systemd = null;
  vi.useRealTimers();
  await app.close();
  data.remove();
});

/** Stands in for systemd-notify: writes down what it was to tell, and then does something else. */
function notify(more = ""): string {
  const path = join(data.path, "notify");
  writeFileSync(path, `#!/bin/sh\necho "$*" >>"${data.path}/told"\n${more}\n`);
  chmodSync(path, 0o755);
  return path;
}

function start(on: App, environment: object, program = notify()): void {
  systemd = tellSystemd(on, { NOTIFY_SOCKET: "/run/s", ...environment }, program);
}

function told(): string[] {
  const path = join(data.path, "told");
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
}

/** What it was told when it had heard so many lines. The clock stands still meanwhile. */
async function toldOnce(lines: number): Promise<string[]> {
  while (told().length < lines) await new Promise((resolve) => setImmediate(resolve));
  return told();
}

/** All that it was told when it hears the last word. */
async function toldInAll(): Promise<string[]> {
  systemd?.stopping();
  while (told().at(-1) !== "STOPPING=1") await new Promise((resolve) => setImmediate(resolve));
  return told();
}

async function logged(): Promise<void> {
  while (app.logged.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

const BEGIN = ["STATUS=Release test", "READY=1"];

describe("systemd hears", () => {
  it("which release is ready, and that it stops", async () => {
    start(app, {});
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await toldInAll()).toEqual([...BEGIN, "STOPPING=1"]);
  });

  it("three times per timeout of its watchdog that we can serve", async () => {
    start(app, THIRTY_SECONDS);
    await vi.advanceTimersByTimeAsync(10_000);
    await toldOnce(3);
    await vi.advanceTimersByTimeAsync(10_000);
    await toldOnce(4);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(await toldInAll()).toEqual([...BEGIN, "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]);
  });

  it("nothing of the watchdog while the store can't be written, and again when it can", async () => {
    let isBroken = true;
    const probe = async (now: Temporal.Instant): Promise<void> => {
      if (isBroken) throw new Error("The disk is full.");
      await app.store.probe(now);
    };
    start({ ...app, store: { ...app.store, probe } }, THIRTY_SECONDS);
    await vi.advanceTimersByTimeAsync(60_000);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await toldOnce(3)).toEqual([...BEGIN, "WATCHDOG=1"]);
    expect(await toldInAll()).toEqual([...BEGIN, "WATCHDOG=1", "STOPPING=1"]);
  });

  it("nothing of the watchdog while the store does not answer, which is asked only once", async () => {
    let asked = 0;
    const probe = (): Promise<never> => {
      asked += 1;
      return new Promise(() => {});
    };
    start({ ...app, store: { ...app.store, probe } }, THIRTY_SECONDS);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await toldInAll()).toEqual([...BEGIN, "STOPPING=1"]);
    expect(asked).toBe(1);
  });

  it("that we are alive while we stop, although the store is closed by then", async () => {
    const probe = async (): Promise<never> => {
      throw new Error("It is closed.");
    };
    start({ ...app, store: { ...app.store, probe } }, THIRTY_SECONDS);
    systemd?.stopping();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await toldOnce(4)).toEqual([...BEGIN, "STOPPING=1", "WATCHDOG=1"]);
    systemd?.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(app.logged).toEqual([]);
  });
});

describe("nothing is told", () => {
  it.each([
    ["in local mode", true, { NOTIFY_SOCKET: "/run/s" }],
    ["where no systemd waits", false, { NOTIFY_SOCKET: undefined }],
  ])("%s", async (_where, local, environment) => {
    start({ ...app, config: { ...app.config, local } }, { ...THIRTY_SECONDS, ...environment });
    expect(vi.getTimerCount()).toBe(0);
    // Whatever the first one had told would stand before this.
    start(app, {});
    expect(await toldInAll()).toEqual([...BEGIN, "STOPPING=1"]);
  });
});

describe("what goes wrong is logged and stops nothing", () => {
  const line = { level: "warn", fields: {}, message: "systemd could not be told" };

  it("when systemd-notify fails", async () => {
    start(app, {}, notify('test "$1" != READY=1'));
    await logged();
    expect(await toldInAll()).toEqual([...BEGIN, "STOPPING=1"]);
    expect(app.logged).toEqual([line]);
  });

  it("when there is no systemd-notify", async () => {
    start(app, {}, join(data.path, "none"));
    await logged();
    expect(app.logged).toContainEqual(line);
  });

  it("when what tells it is gone since a moment ago", async () => {
    start(app, {}, notify(`kill -9 $PPID; touch "${data.path}/gone"`));
    // Nothing of it has reached the event loop yet.
    while (!existsSync(join(data.path, "gone"))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    systemd?.stopping();
    await logged();
    expect(app.logged).toEqual([line]);
  });

  it("when what tells it is gone", async () => {
    start(app, THIRTY_SECONDS, notify("kill -9 $PPID"));
    await logged();
    await vi.advanceTimersByTimeAsync(60_000);
    systemd?.stopping();
    systemd?.close();
    expect(told()).toEqual(["STATUS=Release test"]);
    expect(app.logged).toEqual([line]);
  });
});

it("is not ended by the signals that end the service", async () => {
  start(app, {}, notify("kill -TERM $PPID; kill -INT $PPID"));
  expect(await toldInAll()).toEqual([...BEGIN, "STOPPING=1"]);
  expect(app.logged).toEqual([]);
});

it("knows where systemd listens, and none of our secrets", async () => {
  vi.stubEnv("LINK_KEYS", "secret");
  start(app, {}, notify(`env >>"${data.path}/environment"`));
  await toldInAll();
  vi.unstubAllEnvs();
  const environment = readFileSync(join(data.path, "environment"), "utf8");
  expect(environment).toContain("NOTIFY_SOCKET=/run/s\n");
  expect(environment).not.toContain("secret");
});
