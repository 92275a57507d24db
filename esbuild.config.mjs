// Bundles the program into dist/, which runs alone wherever it is moved: one entry, its workers, the chunks that are
// loaded on first use, and the native database driver beside them. For a release: `--release NAME --into FOLDER`.
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = import.meta.dirname;
const dist = join(root, "dist");

const { release, into } = parseArgs({ options: { release: { type: "string" }, into: { type: "string" } } }).values;

/** Programs by the name they get in dist/; each worker starts from a file of its own. */
const entries = {
  wtmm: "main.ts",
  "parser-worker": "adapters/parser-worker.ts",
  "journal-worker": "adapters/journal/journal-worker.ts",
  "copy-process": "adapters/dumps/copy-process.ts",
  "contents-process": "adapters/dumps/contents-process.ts",
  "drill-process": "adapters/dumps/drill-process.ts",
};

const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(root, source))));

const { outputFiles } = await bundle().catch(() => process.exit(1));

if (into !== undefined) writeTo(into);
else if (!isAlreadyThere()) publish();

/** What does not build is told by esbuild itself. */
function bundle() {
  return build({
    absWorkingDir: root,
    entryPoints,
    // Wherever the files go: source maps name the sources as seen from here, and must not name this machine's folders.
    outdir: dist,
    write: false,
    define: release === undefined ? {} : { WTMM_RELEASE: JSON.stringify(release) },
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node26",
    format: "esm",
    sourcemap: true,
    logLevel: "warning",
    outExtension: { ".js": ".mjs" },
    // Flat, so that every chunk has the entries beside it (adapters/script-beside.ts).
    chunkNames: "[name]-[hash]",
    // The CommonJS parts (database driver, pino) call require, which an ES module does not have.
    banner: {
      js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
    },
  });
}

/** A running program loads chunks later on: a build that changes nothing must not pull them away. */
function isAlreadyThere() {
  const inDist = existsSync(dist) ? readdirSync(dist).filter((name) => name !== "node_modules") : [];
  const drivers = driverFolders().map((folder) => join("node_modules/@libsql", basename(folder), "package.json"));
  return (
    inDist.length === outputFiles.length &&
    outputFiles.every(({ path, contents }) => existsSync(path) && readFileSync(path).equals(contents)) &&
    drivers.every((path) => existsSync(join(dist, path)) && sameBytes(join(dist, path), join(root, path)))
  );
}

function sameBytes(left, right) {
  return readFileSync(left).equals(readFileSync(right));
}

/** Written elsewhere and renamed when whole: whoever starts the program meanwhile never meets half a build. */
function publish() {
  const building = join(root, ".cache", `dist-${randomBytes(6).toString("hex")}`);
  const replaced = `${building}-replaced`;
  try {
    writeTo(building);
    swap(building, replaced);
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM"].includes(error.code)) throw error;
    console.error(`dist/ cannot be written: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(building, { recursive: true, force: true });
    rmSync(replaced, { recursive: true, force: true });
  }
}

function writeTo(folder) {
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  for (const driver of driverFolders()) {
    cpSync(driver, join(folder, "node_modules/@libsql", basename(driver)), { recursive: true });
  }
}

/** Another build may put its own folder in between the two renames; then its folder is replaced in turn. */
function swap(building, replaced) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (existsSync(dist)) renameSync(dist, replaced);
      renameSync(building, dist);
      return;
    } catch (error) {
      if (attempt === 5 || !["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code)) throw error;
      rmSync(replaced, { recursive: true, force: true });
    }
  }
}

/** npm installs the musl build too, which the pinned runtime cannot load. */
function driverFolders() {
  const drivers = join(root, "node_modules/@libsql");
  return readdirSync(drivers)
    .filter((name) => name.startsWith(`${process.platform}-${process.arch}`) && !name.endsWith("-musl"))
    .map((name) => join(drivers, name));
}
