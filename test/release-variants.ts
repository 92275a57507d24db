import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Migration } from "../schema/migrate.ts";

/**
 * Replaces a piece of the program in the folder of a staged release, so that tests get releases that fail: a `patch` of
 * `makeRelease`.
 *
 * @param find text of the bundle, which is the source's without types
 * @throws Error unless it stands there exactly once
 */
export function changeProgram(folder: string, find: string | RegExp, replacement: string): void {
  const app = join(folder, "app");
  const texts = readdirSync(app)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => ({ file: join(app, name), pieces: readFileSync(join(app, name), "utf8").split(find) }));
  const [found, ...others] = texts.filter(({ pieces }) => pieces.length > 1);
  if (found?.pieces.length !== 2 || others.length > 0) {
    throw new Error(
      `${String(find)} stands ${texts.reduce((sum, { pieces }) => sum + pieces.length - 1, 0)} times in the program.`,
    );
  }
  writeFileSync(found.file, found.pieces.join(replacement));
}

/** Gives the program of a staged release one more migration. What the manifest says of its schema is `known` of `makeRelease`. */
export function addMigration(folder: string, { sql, oldestProgram }: Migration): void {
  const step = JSON.stringify({ sql, oldestProgram });
  changeProgram(
    folder,
    "var SCHEMA_VERSION = migrations.length;",
    `migrations.push(${step});\nvar SCHEMA_VERSION = migrations.length;`,
  );
}
