import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { markForRecovery, readRecoveryMark, removeRecoveryMark } from "./recovery-mark.ts";

const NOON = Temporal.Instant.from("2026-11-20T12:00:00Z");
const EARLIER = NOON.subtract({ hours: 1 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-mark-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("markForRecovery", () => {
  it("is read again, by its owner alone", () => {
    expect(readRecoveryMark(folder)).toBeNull();
    markForRecovery(folder, NOON);
    expect(readRecoveryMark(folder)).toEqual(NOON);
    expect(readdirSync(folder)).toEqual(["recover-since.json"]);
    expect(statSync(join(folder, "recover-since.json")).mode & 0o777).toBe(0o600);
  });

  it("keeps the earlier time, because mails since then are still missing", () => {
    markForRecovery(folder, NOON);
    markForRecovery(folder, EARLIER);
    markForRecovery(folder, NOON);
    expect(readRecoveryMark(folder)).toEqual(EARLIER);
  });

  it("is not taken for none when it can't be read", () => {
    for (const text of ["", "{", "null", '{"since":"yesterday"}', '{"since":"2026-11-20"}']) {
      writeFileSync(join(folder, "recover-since.json"), text);
      expect(() => readRecoveryMark(folder)).toThrow(/recover-since\.json can't be read\. It should hold/);
      expect(() => markForRecovery(folder, NOON)).toThrow(/can't be read/);
    }
  });

  it("goes when its time is accounted for, and stays when an earlier one was asked for meanwhile", () => {
    markForRecovery(folder, NOON);
    removeRecoveryMark(folder, NOON);
    expect(readRecoveryMark(folder)).toBeNull();
    markForRecovery(folder, EARLIER);
    removeRecoveryMark(folder, NOON);
    expect(readRecoveryMark(folder)).toEqual(EARLIER);
    removeRecoveryMark(folder, EARLIER);
    removeRecoveryMark(folder, EARLIER);
    expect(readdirSync(folder)).toEqual([]);
  });
});
