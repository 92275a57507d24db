import { expect, it } from "vitest";

import { serviceConfig } from "../../test/service-config.ts";
import type { DrillRecord } from "../dumps/drill-record.ts";
import { checkDrill } from "./check-drill.ts";

const NOW = Temporal.Instant.from("2026-11-20T12:00:00Z");
const S3 = {
  ...{ S3_ENDPOINT: "https://fra1.example.net", S3_BUCKET: "dumps", S3_ACCESS_KEY_ID: "id" },
  ...{ S3_SECRET_ACCESS_KEY: "very-secret" },
};

/** What is found when one was proven so many hours ago. */
async function found(hours: number | null, record: Partial<DrillRecord> | null = {}, settings = S3 as object) {
  const at = NOW.subtract({ hours: hours ?? 0 });
  const proven = hours === null ? null : { at, dump: "daily/x", tookMs: 12_345 };
  const read = () =>
    record === null ? null : { state: "done" as const, startedAt: at, reason: null, proven, ...record };
  const findings = await checkDrill(read, () => NOW).look(serviceConfig({ ...settings }), new AbortController().signal);
  return findings.map(({ state, says }) => `${state}: ${says}`);
}

it("is green while a restore was proven in the last 26 hours", async () => {
  expect(await found(25)).toEqual(["green: The last proven restore is 25 hours old, and took 12.3 s: daily/x."]);
  expect(await found(26)).toEqual(["red: The last proven restore is 26 hours old."]);
});

it("is red at once when a drill failed, and says why", async () => {
  expect(await found(1, { state: "failed", reason: "It is damaged." })).toEqual([
    "red: The last drill failed: It is damaged.",
  ]);
});

it("is yellow before the first one", async () => {
  expect([await found(null, null), await found(null)]).toEqual([
    ["yellow: No restore was proven yet."],
    ["yellow: No restore was proven yet."],
  ]);
});

it("has nothing to say where no dumps are configured", async () => {
  expect(await found(null, null, {})).toEqual([]);
});
