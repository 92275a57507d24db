import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a database by name. */
export type Disk = ReadonlyMap<string, Buffer>;

/** Whether a piece that was never synced is on the disk all the same. */
export type Luck = () => boolean;

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };
type File = { readonly base: Buffer; synced: Change[]; pending: Change[] };
type Entry = { readonly kind: number; readonly name: string; readonly offset: number; readonly bytes: Buffer };

// Numbered as in faulty-libc.c.
const [WRITTEN, TRUNCATED, SYNCED, CREATED, REMOVED, FOLDER_SYNCED] = [1, 2, 3, 4, 5, 6];
const HEAD_BYTES = 24;
// The least that a disk writes as a whole.
const SECTOR_BYTES = 512;

/** A database's files as the running kernel sees them. The index of its log ("-shm") is no file of the database. */
export function readDisk(dataDir: string): Disk {
  const names = readdirSync(dataDir).filter((name) => name.startsWith("wtmm.db") && !name.endsWith("-shm"));
  return new Map(names.map((name) => [name, readFileSync(join(dataDir, name))]));
}

/** Makes a database's files what a disk holds. */
export function writeDisk(dataDir: string, disk: Disk): void {
  for (const name of readdirSync(dataDir)) if (name.startsWith("wtmm.db")) rmSync(join(dataDir, name));
  for (const [name, bytes] of disk) writeFileSync(join(dataDir, name), bytes);
}

/**
 * What a disk holds after a power cut: all that was synced, and of everything else, sector by sector, what `luck` lets
 * survive. The kernel writes in any order it likes; only a sync makes it certain
 * (https://www.sqlite.org/atomiccommit.html#_hardware_assumptions).
 *
 * @param before the disk when the journal began
 * @param journal what a FaultyMachine wrote down
 */
export function powerCut(before: Disk, journal: Buffer, luck: Luck): Disk {
  let kept = new Map([...before].map(([name, base]): [string, File] => [name, { base, synced: [], pending: [] }]));
  const named = new Map(kept);
  for (const { kind, name, offset, bytes } of entriesOf(journal)) {
    const file = named.get(name);
    if (kind === CREATED) named.set(name, { base: Buffer.alloc(0), synced: [], pending: [] });
    if (kind === REMOVED) named.delete(name);
    if (kind === WRITTEN) file?.pending.push({ offset, bytes });
    if (kind === TRUNCATED) file?.pending.push({ size: offset });
    if (kind === SYNCED) file?.synced.push(...file.pending.splice(0));
    if (kind === FOLDER_SYNCED) kept = new Map(named);
  }
  if (luck()) kept = named;
  return new Map([...kept].map(([name, file]) => [name, contentOf(file, luck)]));
}

/**
 * The files that are not what the journal makes of them: something wrote past it, so that it proves nothing. What was asked
 * for last may be done, or half done: the process was killed in the middle of it.
 */
export function writtenPast(journal: Buffer, before: Disk, after: Disk): string[] {
  const last = entriesOf(journal).at(-1);
  const told = powerCut(before, journal, () => true);
  return [...new Set([...told.keys(), ...after.keys()])].filter((name) => {
    const end = last?.name === name ? last.offset : Infinity;
    return (
      Buffer.compare(told.get(name)?.subarray(0, end) ?? NO_FILE, after.get(name)?.subarray(0, end) ?? NO_FILE) !== 0
    );
  });
}

const NO_FILE = Buffer.from("no file");

/** A journal's entries; the last may have been cut off with its process. */
function entriesOf(journal: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + HEAD_BYTES <= journal.length;) {
    const [nameBytes, dataBytes] = [journal.readInt32LE(at + 4), Number(journal.readBigInt64LE(at + 16))];
    const [nameAt, dataAt] = [at + HEAD_BYTES, at + HEAD_BYTES + nameBytes];
    if (dataAt + dataBytes > journal.length) break;
    entries.push({
      kind: journal.readInt32LE(at),
      name: journal.toString("utf8", nameAt, dataAt),
      offset: Number(journal.readBigInt64LE(at + 8)),
      bytes: journal.subarray(dataAt, dataAt + dataBytes),
    });
    at = dataAt + dataBytes;
  }
  return entries;
}

function contentOf({ base, synced, pending }: File, luck: Luck): Buffer {
  const ends = [...synced, ...pending].map((change) =>
    "size" in change ? change.size : change.offset + change.bytes.length,
  );
  const content = {
    bytes: Buffer.alloc(ends.reduce((left, right) => Math.max(left, right), base.length)),
    size: base.length,
  };
  base.copy(content.bytes);
  for (const change of synced) apply(change, content, () => true);
  for (const change of pending) apply(change, content, luck);
  return content.bytes.subarray(0, content.size);
}

function apply(change: Change, content: { bytes: Buffer; size: number }, luck: Luck): void {
  if ("size" in change) {
    if (!luck()) return;
    content.size = change.size;
    content.bytes.fill(0, change.size);
    return;
  }
  const { offset, bytes } = change;
  for (let from = offset; from < offset + bytes.length;) {
    const to = Math.min(offset + bytes.length, (Math.floor(from / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    if (luck()) {
      bytes.copy(content.bytes, from, from - offset, to - offset);
      content.size = Math.max(content.size, to);
    }
    from = to;
  }
}
