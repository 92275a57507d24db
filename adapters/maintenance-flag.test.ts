import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { NOW } from "../test/fake-app.ts";
import { dataFolder } from "../test/program.ts";
import { beginMaintenance, endMaintenance, readMaintenance } from "./maintenance-flag.ts";

let data: ReturnType<typeof dataFolder>;
let flag: string;

beforeEach(() => {
  data = dataFolder();
  flag = join(data.path, "maintenance");
});
afterEach(() => data.remove());

const hoursLater = (hours: number): Temporal.Instant => NOW.add({ hours });
const spanNow = { since: NOW, until: hoursLater(8) };

/** A file that somebody else made, at that time. */
function write(text: string, at: Temporal.Instant): void {
  writeFileSync(flag, text);
  utimesSync(flag, at.epochMilliseconds / 1_000, at.epochMilliseconds / 1_000);
}

describe("maintenance", () => {
  it("is on for eight hours, for whoever reads the folder, and then off by itself", () => {
    expect(readMaintenance(data.path, NOW)).toBe(null);
    expect(beginMaintenance(data.path, NOW)).toEqual(spanNow);
    expect(readMaintenance(data.path, NOW)).toEqual(spanNow);
    expect(readMaintenance(data.path, hoursLater(8).subtract({ seconds: 1 }))).toEqual(spanNow);
    expect(readMaintenance(data.path, hoursLater(8))).toBe(null);
  });

  it("lasts eight hours more when it is renewed, and remembers when it was begun", () => {
    beginMaintenance(data.path, NOW);
    const renewed = { since: NOW, until: hoursLater(13) };
    expect(beginMaintenance(data.path, hoursLater(5))).toEqual(renewed);
    expect(readMaintenance(data.path, hoursLater(12))).toEqual(renewed);
  });

  it("begins anew after it has ended", () => {
    beginMaintenance(data.path, NOW);
    expect(beginMaintenance(data.path, hoursLater(9))).toEqual({ since: hoursLater(9), until: hoursLater(17) });
    endMaintenance(data.path);
    expect(readMaintenance(data.path, hoursLater(9))).toBe(null);
    expect(beginMaintenance(data.path, hoursLater(10)).since).toEqual(hoursLater(10));
  });

  it("can be ended when it is not on", () => {
    endMaintenance(data.path);
    expect(readMaintenance(data.path, NOW)).toBe(null);
  });

  it("is one file that only its owner can read", () => {
    beginMaintenance(data.path, NOW);
    beginMaintenance(data.path, NOW);
    expect(readdirSync(data.path)).toEqual(["maintenance"]);
    expect(statSync(flag).mode & 0o777).toBe(0o600);
  });

  it("knows its moments to the millisecond, whatever they are", () => {
    for (let ms = 0; ms < 1_000; ms += 1) {
      const at = NOW.add({ milliseconds: ms, nanoseconds: 123 });
      endMaintenance(data.path);
      const begun = beginMaintenance(data.path, at);
      expect(begun.since).toEqual(NOW.add({ milliseconds: ms }));
      expect(readMaintenance(data.path, at)).toEqual(begun);
    }
  });
});

describe("a flag file that this program did not write", () => {
  it.each([
    ["empty", ""],
    ["garbled", "\0\u{fffd}{"],
    ["of a moment after it was written", hoursLater(1).toString()],
    ["huge", "x".repeat(1_000_000)],
  ])("counts from when it was written, for as long as any, when it is %s", (_what, text) => {
    write(text, NOW);
    expect(readMaintenance(data.path, hoursLater(1))).toEqual(spanNow);
    expect(readMaintenance(data.path, hoursLater(8))).toBe(null);
  });

  it("counts likewise when it can't be read", () => {
    // Root reads every file; nobody reads a folder.
    mkdirSync(flag);
    utimesSync(flag, NOW.epochMilliseconds / 1_000, NOW.epochMilliseconds / 1_000);
    expect(readMaintenance(data.path, hoursLater(1))).toEqual(spanNow);
    expect(readMaintenance(data.path, hoursLater(8))).toBe(null);
  });

  it("silences nothing when its time is in the future, or when it can't be looked at", () => {
    write("", hoursLater(1));
    expect(readMaintenance(data.path, NOW)).toBe(null);
    endMaintenance(data.path);
    symlinkSync(flag, flag);
    expect(readMaintenance(data.path, NOW)).toBe(null);
  });

  it("counts although the clock was put back a little since", () => {
    write("", NOW.add({ seconds: 5 }));
    expect(readMaintenance(data.path, NOW)?.until).toEqual(hoursLater(8).add({ seconds: 5 }));
  });

  it("becomes one of ours when maintenance is renewed", () => {
    write("garbled", NOW);
    chmodSync(flag, 0o644);
    expect(beginMaintenance(data.path, hoursLater(1))).toEqual({ since: NOW, until: hoursLater(9) });
    expect(statSync(flag).mode & 0o777).toBe(0o600);
  });
});
