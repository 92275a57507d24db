import { defineConfig } from "vitest/config";
import { textImports } from "../text-imports.ts";

/**
 * At length: deploys under twice the load, in longer phases, all of it on both releases of Debian; and a machine that is lost
 * with a database of years, while its provider has a thousand mails that nobody took.
 */
export default defineConfig({
  plugins: [textImports()],
  test: {
    include: ["test/machine/deploy.test.ts", "test/machine/lost-machine.test.ts"],
    maxWorkers: 1,
    env: { DEPLOY_TORTURE: "1", LOST_MACHINE_TORTURE: "1" },
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
    reporters: ["verbose"],
  },
});
