import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** What a release says about itself, as `manifest.json` in its folder. */
export type ReleaseManifest = {
  readonly release: string;
  /** The whole hash of the commit that it was made from. */
  readonly commit: string;
  readonly platform: "linux-x64";
  /** Version of the runtime. */
  readonly node: string;
  readonly schema: {
    /** The schema that it migrates to. */
    readonly version: number;
    /** The oldest schema whose programs still run on the database after that. */
    readonly oldestProgram: number;
  };
  /** SHA-256 in hex of every file but the manifest itself, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
};

/** Writes the manifest of a staged release: what is known beforehand, and the digest of every file as it is now. */
export async function writeManifest(folder: string, known: Omit<ReleaseManifest, "files">): Promise<void> {
  const files: Record<string, string> = {};
  for (const path of await filesOf(folder)) {
    if (path === "manifest.json") continue;
    files[path] = createHash("sha256")
      .update(await readFile(join(folder, path)))
      .digest("hex");
  }
  const { release, commit, platform, node, schema } = known;
  const manifest: ReleaseManifest = { release, commit, platform, node, schema, files };
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Paths of all files in a folder, in the same order on every machine. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
