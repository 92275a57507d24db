import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";
import { textImports } from "./test/text-imports.ts";

const notOurs = ["**/node_modules/**", "dist/**", "data/**", ".cache/**"];

/** They start the built program, commands or machines that fail. */
const startPrograms = [
  "test/torture/**/*.test.ts",
  "test/{bundle,bundled-signatures,commands,end-to-end,log-privacy.program,log-privacy.start,refusals,run}.test.ts",
];

export default defineConfig({
  plugins: [textImports()],
  test: {
    // These limits stop what hangs; a busy machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["test/properties.ts"],
    projects: [
      {
        extends: true,
        // Every core: vitest would leave one free, which on a small machine is half of them.
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...notOurs, "test/machine/**", ...startPrograms],
          maxWorkers: "100%",
          // They share nothing but modules without state; a process for each file would cost a third of the time.
          isolate: false,
          // Their databases need not outlive a power cut; those of the fault suite do, and lie on a disk.
          env: { TMPDIR: existsSync("/dev/shm") ? "/dev/shm" : tmpdir() },
        },
      },
      {
        // After the others, which leave the machine to them.
        extends: true,
        test: { name: "whole", include: startPrograms, exclude: notOurs, sequence: { groupOrder: 1 }, maxWorkers: 3 },
      },
    ],
  },
});
