import { createHash } from "node:crypto";
import { readdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { create } from "tar";

/** A packed release. */
export type PackedRelease = {
  readonly file: string;
  readonly bytes: number;
  /** In hex; `sha256sum --check` finds it in the file beside, too. */
  readonly sha256: string;
};

/**
 * Packs a folder under its own name. The archive depends on the names and bytes of the files alone, not on the machine,
 * the user, the umask or the time: it is the same wherever the same release is made
 * (https://reproducible-builds.org/docs/archives/).
 *
 * @param level of zstd, 1 to 19
 * @param modifiedAt what all files are dated
 */
export async function packRelease(
  folder: string,
  file: string,
  { level, modifiedAt }: { readonly level: number; readonly modifiedAt: Date },
): Promise<PackedRelease> {
  const top = basename(folder);
  const paths = [top, ...(await readdir(folder, { recursive: true })).map((path) => join(top, path))].toSorted();
  const unfinished = `${file}-unfinished`;
  const archive = create(
    {
      cwd: dirname(folder),
      // Without owners, and without what else only this machine knows of a file.
      portable: true,
      noDirRecurse: true,
      strict: true,
      onWriteEntry: (entry) => {
        // Portable folders would have no date, which tar reads as 1970.
        entry.noMtime = false;
        entry.mtime = modifiedAt;
        if (entry.stat !== undefined)
          entry.stat.mode = modeOf(entry.path.slice(top.length + 1), entry.stat.isDirectory());
      },
    },
    paths,
  );
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  // In one piece: what zstd makes of a stream depends on the sizes of the parts that it gets.
  const packed = await promisify(zstdCompress)(await buffer(Readable.from(archive)), { params });
  await writeFile(unfinished, packed);
  const sha256 = createHash("sha256").update(packed).digest("hex");
  await writeFile(`${file}.sha256`, `${sha256}  ${basename(file)}\n`);
  await rename(unfinished, file);
  return { file, bytes: packed.length, sha256 };
}

/** Everyone may read a release, and nobody changes one. */
function modeOf(path: string, isDirectory: boolean): number {
  return isDirectory || path.startsWith("bin/") ? 0o755 : 0o644;
}
