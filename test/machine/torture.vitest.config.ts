import { defineConfig } from "vitest/config";
import { textImports } from "../text-imports.ts";

/** Deploys at length: twice the load, longer phases, all of it on both releases of Debian. */
export default defineConfig({
  plugins: [textImports()],
  test: {
    include: ["test/machine/deploy.test.ts"],
    env: { DEPLOY_TORTURE: "1" },
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
    reporters: ["verbose"],
  },
});
