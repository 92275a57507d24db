import { sayMegabytes } from "../progress-bar.ts";
import { dumpNameOf, manifestKeyOf, objectKeyOf, type DumpKey } from "./dump-keys.ts";
import { readManifest, type DumpManifest } from "./dump-manifest.ts";
import { dumpsIn, type DumpShelf } from "./restore-source.ts";

/** A dump in the bucket; without a manifest when it is damaged. */
export type ListedDump = { readonly key: DumpKey; readonly manifest: DumpManifest | null };

// Manifests are small, and what takes long is to ask.
const AT_ONCE = 8;

/** The dumps that there are, the newest first; one that lies in several classes once, where it is kept longest. */
export async function listDumps(bucket: DumpShelf): Promise<ListedDump[]> {
  const all = await dumpsIn(bucket);
  const once = all.filter((key, index) => index === 0 || dumpNameOf(key) !== dumpNameOf(all[index - 1] ?? key));
  const listed: ListedDump[] = [];
  for (let first = 0; first < once.length; first += AT_ONCE) {
    listed.push(...(await Promise.all(once.slice(first, first + AT_ONCE).map((key) => withManifest(bucket, key)))));
  }
  return listed;
}

const HEADING = ["age", "sealed", "database", "mails", "purchases", "accounts", "schema", "release", "DUMP"];
/** The other columns are numbers, which end where they end. */
const WORDS = new Set(["release", "DUMP"]);

/** The dumps as lines for a terminal, under a heading. */
export function dumpLines(dumps: readonly ListedDump[], now: Temporal.Instant): string[] {
  if (dumps.length === 0) return ["There is no dump."];
  const rows = [HEADING, ...dumps.map((dump) => rowOf(dump, now))];
  const columns = HEADING.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => (WORDS.has(name) ? cell.padEnd(width) : cell.padStart(width)));
  });
  return rows.map((_, row) =>
    columns
      .map((cells) => cells[row])
      .join("  ")
      .trimEnd(),
  );
}

async function withManifest(bucket: DumpShelf, key: DumpKey): Promise<ListedDump> {
  const bytes = await bucket.get(manifestKeyOf(key));
  try {
    return { key, manifest: readManifest(bytes) };
  } catch {
    return { key, manifest: null };
  }
}

function rowOf({ key, manifest }: ListedDump, now: Temporal.Instant): string[] {
  const age = ageOf(key.at, now);
  if (manifest === null) {
    return HEADING.map((name) => ({ age, DUMP: `${objectKeyOf(key)} (its manifest is damaged)` })[name] ?? "?");
  }
  const { object, database, contents, release } = manifest;
  const count = (table: string) => String(contents.rows[table] ?? 0);
  return [
    age,
    sayMegabytes(object.bytes),
    sayMegabytes(database.bytes),
    count("mails"),
    count("purchases"),
    count("accounts"),
    String(contents.schemaVersion),
    release,
    objectKeyOf(key),
  ];
}

const UNITS = [
  { name: "min", seconds: 60 },
  { name: "h", seconds: 3_600 },
  { name: "days", seconds: 86_400 },
] as const;

/** In the largest unit that there are two of. */
function ageOf(at: Temporal.Instant, now: Temporal.Instant): string {
  const seconds = Math.max(0, (now.epochMilliseconds - at.epochMilliseconds) / 1_000);
  const { name, seconds: unit } = UNITS.findLast((one) => seconds >= one.seconds * 2) ?? UNITS[0];
  return `${Math.floor(seconds / unit)} ${name}`;
}
