import { readFileSync } from "node:fs";

/** glibc of the oldest Debian that a release runs on: 12. */
const newestGlibc = 36;

/**
 * The libatomic that this very process runs with. Node's official builds need it and a bare Debian lacks it, so whatever
 * runs the pinned Node has found one: the system's, or the package that `run.mjs` fetched.
 *
 * @throws Error when this Node runs without one, or when it would not run on Debian 12
 */
export function libatomic(): string {
  const file = /\s(\/.*\/libatomic\.so\.1[^/\n]*)$/m.exec(readFileSync("/proc/self/maps", "utf8"))?.[1];
  if (file === undefined)
    throw new Error("This Node.js runs without libatomic, so it isn't the pinned one: use `npm run release`.");
  const fault = libraryFault(readFileSync(file));
  if (fault !== null) throw new Error(`${file} can't go into a release: ${fault}.`);
  return file;
}

/** Why a library doesn't load on Debian 12 for x86-64, or null. */
export function libraryFault(library: Buffer): string | null {
  // https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html: magic, 64 bit, little-endian; machine 62 is x86-64.
  const isForX64 =
    library.subarray(0, 6).equals(Buffer.from("\x7fELF\x02\x01", "latin1")) && library.readUInt16LE(18) === 62;
  if (!isForX64) return "it is no library for x86-64";
  const needed = library.toString("latin1").matchAll(/GLIBC_2\.(\d+)/g);
  const newest = Math.max(0, ...[...needed].map(([, minor]) => Number(minor)));
  return newest > newestGlibc ? `it needs glibc 2.${newest}, and Debian 12 has 2.${newestGlibc}` : null;
}
