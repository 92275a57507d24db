import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const testbed = join(import.meta.dirname, "testbed");
const person = "dev";

/** A freshly installed Debian with nothing but apt's git and npm, and one unprivileged user. */
export type Machine = {
  /** Runs a shell script as the unprivileged user in their home; its output. Rejects when it fails. */
  run(script: string): Promise<string>;
  /** Starts a shell script that ends in `exec` as the unprivileged user in their home; resolves when it printed something that matches. */
  start(script: string, until: RegExp): Promise<Started>;
  /** Installs Debian packages, as its administrator would. */
  install(packages: string): Promise<void>;
  remove(): Promise<void>;
};

/** A running script. */
export type Started = {
  /** What the pattern found, whole. */
  readonly found: string;
  /** Asks it to stop (SIGTERM) and waits; its exit code. */
  stop(): Promise<number | null>;
};

/** Boots a machine of that Debian release and copies this checkout's last commit to the user's `wtmm` folder. */
export async function bootMachine(name: string, suite: string): Promise<Machine> {
  if (process.getuid?.() !== 0)
    throw new Error("The machine tests boot Debian machines, which needs root: run them with sudo.");
  const environment = { ...process.env, TESTBED_SUITE: suite };
  const asRoot = (script: string, input: string | Buffer = "") =>
    pipe([testbed, "ssh", name, script], input, environment);
  await pipe([testbed, "down", name], "", environment);
  await pipe([testbed, "up", name], "", environment);
  const install = async (packages: string): Promise<void> => {
    const command = `apt-get -qq install --no-install-recommends ${packages}`;
    await asRoot(`DEBIAN_FRONTEND=noninteractive ${command} >/dev/null 2>&1`);
  };
  await asRoot("apt-get -qq update");
  await install("git npm");
  await asRoot(`useradd --create-home --shell /bin/bash ${person}`);
  await passNpmSettings(asRoot);
  await asRoot(`cat > /var/tmp/wtmm.bundle`, await bundleOfHead());
  const asPerson = (script: string) => `cd /home/${person} && exec runuser -u ${person} -- bash -c ${quoted(script)}`;
  await asRoot(asPerson("git clone -q /var/tmp/wtmm.bundle wtmm"));
  return {
    run: (script) => asRoot(asPerson(script)),
    start: (script, until) =>
      start([testbed, "ssh", name, asPerson(`echo "pid $$"; ${script}`)], until, asRoot, environment),
    install,
    remove: async () => void (await pipe([testbed, "down", name], "", environment)),
  };
}

type RunAsRoot = (script: string, input?: string | Buffer) => Promise<string>;

/** The machine reaches npm's registry as this host does, whatever stands in between. */
async function passNpmSettings(asRoot: RunAsRoot): Promise<void> {
  const { npm_execpath: cli, npm_node_execpath: node = process.execPath } = process.env;
  const [command = "npm", ...first] = cli === undefined ? ["npm"] : [node, cli];
  const { stdout } = await promisify(execFile)(command, [...first, "config", "list", "--json"], { cwd: "/" });
  const settings: Readonly<Record<string, unknown>> = JSON.parse(stdout);
  const lines = ["registry", "proxy", "https-proxy"]
    .filter((key) => typeof settings[key] === "string")
    .map((key) => `${key}=${String(settings[key])}`);
  if (typeof settings["cafile"] === "string") {
    await asRoot("cat > /etc/ssl/npm-ca.pem", await readFile(settings["cafile"]));
    lines.push("cafile=/etc/ssl/npm-ca.pem");
  }
  await asRoot(`install -o ${person} /dev/stdin /home/${person}/.npmrc`, `${lines.join("\n")}\n`);
}

async function bundleOfHead(): Promise<Buffer> {
  // The tests may run as root on a checkout that belongs to somebody else.
  const git = ["-c", `safe.directory=${root}`, "-C", root, "bundle", "create", "-q", "-", "HEAD"];
  const { stdout } = await promisify(execFile)("git", git, { encoding: "buffer", maxBuffer: 1 << 30 });
  return stdout;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Runs a command with that input; its output. */
async function pipe(
  [command = "", ...args]: string[],
  input: string | Buffer,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(command, args, { env, stdio: "pipe" });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`Exit code ${String(code)} from ${args.join(" ")}:\n${output}`);
  return output;
}

function start(
  [command = "", ...args]: string[],
  until: RegExp,
  asRoot: RunAsRoot,
  env: NodeJS.ProcessEnv,
): Promise<Started> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = until.exec(output)?.[0];
      if (found === undefined) return;
      const pid = /^pid (\d+)$/m.exec(output)?.[1];
      resolve({ found, stop: async () => (await asRoot(`kill -TERM ${pid}`), exited) });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", read);
    child.on("error", reject);
    void exited.then((code) =>
      reject(new Error(`It ended with exit code ${code} before it printed ${String(until)}:\n${output}`)),
    );
  });
}
