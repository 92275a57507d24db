import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type ReleaseOrder, makeRelease } from "../../provisioning/release/make-release.ts";
import { run } from "./provisioned.ts";

/** Releases of this checkout under any names, in a folder of their own. */
export type Releases = {
  /** Makes one; the path of its archive. */
  make(name: string, variant?: Pick<ReleaseOrder, "patch" | "known">): Promise<string>;
  /** Makes an archive from another one by a shell script that runs in the unpacked folder; its check sum is right. */
  repack(archive: string, name: string, script: string): Promise<string>;
  remove(): Promise<void>;
};

export async function openReleases(): Promise<Releases> {
  const out = await mkdtemp(join(tmpdir(), "wtmm-releases-"));
  return {
    make: async (name, { patch, known } = {}) =>
      (
        await makeRelease({
          name,
          commit: "0".repeat(40),
          committedAt: new Date(0),
          out,
          level: 1,
          ...(patch !== undefined && { patch }),
          ...(known !== undefined && { known }),
        })
      ).file,
    async repack(archive, name, script) {
      const made = join(out, `wtmm-${name}-linux-x64.tar.zst`);
      const work = await mkdtemp(join(out, "work-"));
      const steps = `set -e; members=; cd "$0"; tar -xf "$1"; mv * "$2"; cd "$2"; ${script}\ncd "$0"; tar -cf "$3" -P --zstd "$2" $members`;
      const { code, output } = await run(["bash", "-c", steps, work, archive, name, made]);
      if (code !== 0) throw new Error(output);
      await rm(work, { recursive: true });
      const sum = createHash("sha256").update(readFileSync(made)).digest("hex");
      await writeFile(`${made}.sha256`, `${sum}  ${basename(made)}\n`);
      return made;
    },
    remove: () => rm(out, { recursive: true }),
  };
}
