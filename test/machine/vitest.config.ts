import { defineConfig } from "vitest/config";
import { textImports } from "../text-imports.ts";

/** One machine after the other: each has the whole host, and the slowest step is a download. */
export default defineConfig({
  plugins: [textImports()],
  test: {
    include: ["test/machine/*.test.ts"],
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 600_000,
    reporters: ["verbose"],
  },
});
