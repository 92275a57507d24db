import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { interpret } from "../handlers/interpret.ts";
import { purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { runOperatorCommand } from "./operator.ts";

const CHASE = readFileSync(new URL("../test/mails/chase-card-2022.eml", import.meta.url)).toString("base64");

let app: FakeApp;
let jane: TestPerson;
let working: Promise<unknown>;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  working = Promise.resolve();
});
afterEach(async () => {
  await working;
  await app.close();
});

/** An App whose clock begins to interpret when it is woken. */
function running(local: boolean): App {
  const made: App = {
    ...app,
    config: { ...app.config, local },
    wake: (task) => {
      if (task === "interpret") working = working.then(() => interpret(made));
    },
  };
  return made;
}

async function feed(on: App, ...names: string[]): Promise<string[]> {
  const mails = names.map((name) => ({ name, raw: CHASE }));
  return (await runOperatorCommand("feed", { to: "jane@example.com", mails }, on)) as string[];
}

describe("wtmm maintenance", () => {
  const begin = async (keep: () => Promise<boolean>) => {
    const dataDir = mkdtempSync(join(tmpdir(), "wtmm-operator-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const journalBucket = { isReady: () => true, keep, close: () => {} };
    const part = { objects: [{ key: "all", sealed: new Uint8Array() }], to: 1_000, changes: 1, isAll: true };
    const on = { ...app, config: { ...app.config, dataDir }, journalBucket, sealChanges: async () => part };
    expect(await runOperatorCommand("maintenance", { isOn: true }, on)).toContain("Maintenance is on");
    return !(await app.store.hasChanges());
  };

  it("brings what people did until then into the bucket, since nothing does while it is on", async () => {
    expect(await begin(async () => true)).toBe(true);
  });

  it("is on although the bucket does not answer, or the upload breaks down", async () => {
    expect(await begin(() => new Promise(() => {}))).toBe(false);
    expect(await begin(() => Promise.reject(new Error("no")))).toBe(false);
  });
});

describe("wtmm feed", () => {
  it("books on a laptop, where nothing comes from outside", async () => {
    expect(await feed(running(true), "a.eml")).toEqual(["a.eml: booked"]);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("vouches for no signature in a service: the mail waits in review", async () => {
    expect(await feed(running(false), "a.eml")).toEqual([
      "a.eml: review: The bank signs its mails, and this one is not signed.",
    ]);
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("tells what became of each file, in their order", async () => {
    const [first, second] = await feed(running(true), "a.eml", "b.eml");
    expect(first).toBe("a.eml: booked");
    expect(second).toMatch(/^b\.eml: duplicate/);
  });

  it("leaves interpreting to the clock, and does not wait for it for ever", async () => {
    let seconds = 0;
    const stuck: App = { ...app, now: () => NOW.add({ seconds: (seconds += 1) }) };
    expect(await feed(stuck, "a.eml", "b.eml")).toEqual([
      "a.eml: kept, but not understood yet",
      "b.eml: kept, but not understood yet",
    ]);
    expect(app.woken).toContain("interpret");
    expect(seconds).toBeLessThan(30);
    await interpret(app);
  });

  it("does not hold up a stop", async () => {
    const stopped = new AbortController();
    stopped.abort();
    expect(await feed({ ...app, stopping: stopped.signal }, "a.eml")).toEqual(["a.eml: kept, but not understood yet"]);
  });
});

it.each([
  ["dance", {}],
  ["feed", { mails: "a.eml" }],
  ["login-link", {}],
  ["export-sample", { mailId: 7 }],
  ["rules-share", { ruleId: "r" }],
  ["maintenance", { isOn: "yes" }],
])("refuses %s with a body that this release does not know", async (command, body) => {
  await expect(runOperatorCommand(command, body, app)).rejects.toEqual(
    new AppError("invalid", `The running service does not know the command ${command}. Is it another release?`),
  );
});
