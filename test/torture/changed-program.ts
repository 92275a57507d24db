import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { PROGRAM } from "../program.ts";

/**
 * The built program with one piece of its text replaced: how a test shows that it would notice.
 *
 * @throws Error unless the piece stands there exactly once
 */
export function changedProgram(piece: string, replacement: string): { readonly path: string; remove(): void } {
  const built = dirname(PROGRAM);
  const folder = mkdtempSync(join(tmpdir(), "wtmm-changed-"));
  const chunks = readdirSync(built).filter((name) => name.endsWith(".mjs"));
  for (const name of chunks) cpSync(join(built, name), join(folder, name));
  symlinkSync(join(built, "node_modules"), join(folder, "node_modules"));
  const places = chunks.filter((name) => readFileSync(join(folder, name), "utf8").includes(piece));
  const [place] = places;
  const parts = place === undefined ? [] : readFileSync(join(folder, place), "utf8").split(piece);
  if (place === undefined || places.length > 1 || parts.length !== 2) throw new Error(`It is not there once: ${piece}`);
  writeFileSync(join(folder, place), parts.join(replacement));
  return { path: join(folder, basename(PROGRAM)), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
