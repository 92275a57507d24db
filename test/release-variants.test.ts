import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "../schema/migrate.ts";
import { addMigration, changeProgram } from "./release-variants.ts";

const run = promisify(execFile);

describe("a variant of a release", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wtmm-variant-"));
    const args = ["esbuild.config.mjs", "--release", "9.8.7-variant", "--into", join(folder, "app")];
    await run(process.execPath, args, { cwd: join(import.meta.dirname, "..") });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has one more migration", async () => {
    addMigration(folder, { sql: "CREATE TABLE added (a INTEGER) STRICT;", oldestProgram: SCHEMA_VERSION });
    expect((await program("migrate")).stdout).toContain(`schema ${SCHEMA_VERSION + 1},`);
  });

  it("does what a changed line says", async () => {
    changeProgram(folder, "process.exitCode = await run(", "process.exit(7); await run(");
    await expect(program("--help")).rejects.toMatchObject({ code: 7 });
  });

  it("is not made from a line that is missing or ambiguous", () => {
    expect(() => changeProgram(folder, "no such line", "")).toThrow("stands 0 times");
    expect(() => changeProgram(folder, "export {", "")).toThrow(/stands \d+ times/);
  });

  function program(command: string) {
    const env = {
      PATH: process.env["PATH"],
      DATA_DIR: join(folder, "data"),
      DOMAIN: "wtmm.example.com",
      WEBHOOK_CREDENTIALS: "postmark:a-long-password-of-nobody",
      LINK_KEYS: "0123456789abcdef".repeat(4),
      POSTMARK_SERVER_TOKEN: "no-token",
    };
    return run(process.execPath, [join(folder, "app/wtmm.mjs"), command], { env });
  }
});
