import { defineConfig } from "vitest/config";

/** The fault suite at length, one file after the other: each wants the machine for itself. */
export default defineConfig({
  test: {
    include: ["test/torture/*.test.ts", "test/torture/endurance.torture.ts"],
    env: { TORTURE_MINUTES: process.env["TORTURE_MINUTES"] ?? "30" },
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});
