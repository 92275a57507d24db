import { defineConfig } from "vitest/config";

/** One machine after the other: each has the whole host, and the slowest step is a download. */
export default defineConfig({
  test: {
    include: ["test/machine/*.test.ts"],
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 600_000,
    reporters: ["verbose"],
  },
});
