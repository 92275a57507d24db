import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Authority, endAuthority, trustAuthority } from "./authority.ts";
import { type BareMachine, type Keys, type Play, bareMachine, makeKeys, playbook, run } from "./provisioned.ts";

const acme = join(import.meta.dirname, "acme");

/** The name that the machine is asked by. */
export const host = "money.example.com";

/** Where a request comes from: this host, which nobody knows, or the machine itself. */
export type Asker = "stranger" | "loopback" | "own address";

/** An answer. `status` is 0 when there was none. */
export type Reply = { readonly status: number; readonly headers: string; readonly body: string };

/** What `echo.py` was asked by nginx. */
export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  /** Of the connection that the request came on. */
  readonly port: number;
  /** How many requests came until now. */
  readonly asked: number;
};

/** A machine with nginx in front of a program that echoes. */
export type Front = {
  readonly machine: BareMachine;
  /** PEM of what signs the certificates. */
  readonly root: string;
  /** Runs roles of `provision.yml`: nginx and certificate unless given. */
  play(options?: {
    extraVars?: Readonly<Record<string, unknown>>;
    tags?: string;
    args?: readonly string[];
  }): Promise<Play>;
  /** Asks with curl for a path, or a whole address, exactly as it stands. */
  ask(asker: Asker, url: string, ...curl: readonly string[]): Promise<Reply>;
  remove(): Promise<void>;
};

/** Boots a bare machine that trusts the authority of the tests and whose name is known to it. */
export async function bootFront(name: string, suite: string): Promise<Front> {
  const machine = await bareMachine(name, suite);
  const keys = await makeKeys();
  const authority = await trustAuthority(machine, host);
  await write(machine, "/var/tmp/echo.py", await readFile(join(import.meta.dirname, "echo.py"), "utf8"));
  await machine.console("apt-get -qq update");
  await startProgram(machine);
  return {
    machine,
    root: authority.root,
    play: (options) => playFront(machine, keys, authority, options),
    ask: (asker, url, ...curl) => ask(machine, asker, url, curl),
    remove: async () => {
      await machine.remove();
      await keys.remove();
      await endAuthority();
    },
  };
}

/** Starts the program that echoes; resolves when it listens. */
export async function startProgram(machine: BareMachine): Promise<void> {
  await machine.console(`
    systemd-run --quiet --collect --unit=echo python3 /var/tmp/echo.py
    curl --silent --output /dev/null --retry 20 --retry-all-errors --retry-delay 1 http://127.0.0.1:8080/`);
}

export async function stopProgram(machine: BareMachine): Promise<void> {
  await machine.console("systemctl stop echo");
}

/** What nginx asked the program, out of an echoed answer. */
export function askedBy({ body }: Pick<Reply, "body">): Asked {
  return JSON.parse(body);
}

function playFront(
  machine: BareMachine,
  keys: Keys,
  { directory }: Authority,
  { extraVars = {}, tags = "nginx,certificate", args = [] }: Parameters<Front["play"]>[0] = {},
): Promise<Play> {
  const authority = { acme_directory: directory, dns_wait_minutes: 0 };
  return playbook("provision", { machine, keys, tags, args, extraVars: { domain: host, ...authority, ...extraVars } });
}

async function ask(machine: BareMachine, asker: Asker, url: string, curl: readonly string[]): Promise<Reply> {
  const address = asker === "loopback" ? "127.0.0.1" : machine.address;
  const resolve = [443, 80].flatMap((port) => ["--resolve", `${host}:${port}:${address}`]);
  const whole = url.startsWith("http") ? url : `https://${host}${url}`;
  const command = ["curl", ...curlOptions, ...resolve, ...curl, whole].map(quoted).join(" ");
  const printed = asker === "stranger" ? await askFromHere(command) : await machine.console(`${command} || true`);
  const [, headers = "", body = "", status] = /^(?:(HTTP[^]*?)\r\n\r\n([^]*))?\n(\d{3})$/.exec(printed) ?? [];
  return { status: Number(status), headers: headers.toLowerCase(), body };
}

const curlOptions = [
  ...["--silent", "--include", "--path-as-is", "--globoff", "--max-time", "30", "--header", "Expect:"],
  ...["--write-out", "\n%{http_code}"],
];

/** Curl here doesn't know the authority, and reads its certificate from a pipe. */
async function askFromHere(command: string): Promise<string> {
  const script = `${quoted(acme)} root | ${command} --cacert /dev/stdin || true`;
  return (await run(["bash", "-c", script])).output;
}

async function write(machine: BareMachine, path: string, text: string): Promise<void> {
  await machine.console(`cat >${path} <<'END OF FILE'\n${text}\nEND OF FILE`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
