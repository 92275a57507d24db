import { copyFile, cp, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the parts of a release come from. */
export type ReleaseParts = {
  /** The pinned Node's binary, for linux-x64. */
  readonly runtime: string;
  /** The library that it needs. */
  readonly libatomic: string;
  /** Folder of the bundle with the database driver. */
  readonly program: string;
  /** Folder of the unit files that provision installs; may be missing. */
  readonly units: string;
};

/** Lays a release out in a new folder; {@link writeManifest} seals it. The file modes of the parts don't matter: packing sets them. */
export async function stageRelease(folder: string, parts: ReleaseParts): Promise<void> {
  for (const name of ["bin", "lib", "units"]) await mkdir(join(folder, name), { recursive: true });
  await copyFile(parts.runtime, join(folder, "bin/node"));
  await copyFile(join(import.meta.dirname, "wtmm"), join(folder, "bin/wtmm"));
  await copyFile(parts.libatomic, join(folder, "lib/libatomic.so.1"));
  await cp(parts.program, join(folder, "app"), { recursive: true });
  if (existsSync(parts.units)) await cp(parts.units, join(folder, "units"), { recursive: true });
}
