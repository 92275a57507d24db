import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const testbed = join(import.meta.dirname, "testbed");
const testbedFolder = process.env["TESTBED_DIR"] ?? "/var/tmp/testbed";
const forgetHosts = "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR";

/** What a command printed (both streams, trimmed at the end) and its exit code. */
export type Answer = { readonly code: number; readonly output: string };

/** A Debian machine as a hoster makes it: sshd, and this host's key for root. */
export type BareMachine = {
  readonly name: string;
  /** Its IPv4 address. */
  readonly address: string;
  /** Runs a shell script as root from the console, whatever sshd and the firewall say; its output, trimmed at the end. Rejects when it fails. */
  console(script: string): Promise<string>;
  /** Logs in from this host with that private key and runs the command; never asks for anything. Rejects never. */
  login(user: string, key: string, command: string, options?: Login): Promise<Answer>;
  /** Resolves when systemd has started everything again. */
  reboot(): Promise<void>;
  /** Cuts its power and boots it again on the same disk; resolves when systemd has started everything. */
  crash(): Promise<void>;
  remove(): Promise<void>;
};

export type Login = {
  /** Further arguments of ssh. */
  readonly ssh?: readonly string[];
  /** What the command reads; nothing unless given. */
  readonly input?: string;
};

/** Key pairs of people, by the path of the private half; the public one has `.pub` behind it. */
export type Keys = { readonly admin: string; readonly deploy: string; readonly ops: string; remove(): Promise<void> };

/** What Ansible counted on the machine, with all that it printed. `code` is 0 when nothing failed. */
export type Play = Answer & {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
};

/** How to run a playbook. `keys` are those that settings.yml would name; the first login as root uses the hoster's key. */
export type PlayOptions = {
  readonly machine: BareMachine;
  readonly keys: Keys;
  /** Values beside or instead of the five of settings.yml. */
  readonly extraVars?: Readonly<Record<string, unknown>>;
  /** Roles, separated by commas; all unless given. */
  readonly tags?: string;
  /** Further arguments of ansible-playbook. */
  readonly args?: readonly string[];
};

/** Boots that machine anew. */
export async function bareMachine(name: string, suite: string): Promise<BareMachine> {
  if (process.getuid?.() !== 0)
    throw new Error("The machine tests boot Debian machines, which needs root: run them with sudo.");
  const environment = { TESTBED_SUITE: suite };
  await succeed([testbed, "down", name], environment);
  const address = (await succeed([testbed, "up", name], environment)).split(" ")[1] ?? "";
  return {
    name,
    address,
    console: (script) => succeed([testbed, "console", name, script]),
    login: (user, key, command, { ssh = [], input = "" } = {}) =>
      run(["ssh", ...sshOptions(key), ...ssh, `${user}@${address}`, "--", command], {}, input),
    reboot: async () => void (await succeed([testbed, "reboot", name])),
    crash: async () => void (await succeed([testbed, "crash", name])),
    remove: async () => void (await succeed([testbed, "down", name])),
  };
}

/** Options of ssh for a login with that key alone, that asks for nothing. */
export function sshOptions(key: string): string[] {
  return [...`-i ${key} -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=5 -F none ${forgetHosts}`.split(" ")];
}

/** The key that root logs in with at first, as the hoster put it there. */
export const hosterKey = join(testbedFolder, "id_ed25519");

/** A key pair for each of the people. */
export async function makeKeys(): Promise<Keys> {
  const folder = await mkdtemp(join(tmpdir(), "wtmm-keys-"));
  const keyOf = async (name: string) => {
    await succeed(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
    return join(folder, name);
  };
  const [admin, deploy, ops] = [await keyOf("admin"), await keyOf("deploy"), await keyOf("ops")];
  return { admin, deploy, ops, remove: () => rm(folder, { recursive: true }) };
}

/** Runs `bin/NAME` with a settings file of its own. Rejects never: look at `failed`. */
export async function playbook(
  name: string,
  { machine, keys, extraVars = {}, tags, args = [] }: PlayOptions,
): Promise<Play> {
  const settings = {
    domain: "money.example.com",
    address: machine.address,
    admin_key: `${keys.admin}.pub`,
    deploy_key: `${keys.deploy}.pub`,
    ops_keys: [`${keys.ops}.pub`],
    operator_email: "operator@example.com",
    postmark_server_token: "POSTMARK_API_TEST",
    ansible_ssh_common_args: `-F none -o IdentityFile=${hosterKey} -o IdentityFile=${keys.admin} ${forgetHosts}`,
    ...extraVars,
  };
  const folder = await mkdtemp(join(tmpdir(), "wtmm-settings-"));
  const file = join(folder, "settings.yml");
  await writeFile(file, JSON.stringify(settings));
  // The machine shares this host's cores with its operator, which a real one doesn't.
  const command = ["nice", join(root, "bin", name), ...(tags === undefined ? [] : ["--tags", tags]), ...args];
  const answer = await run(command, {
    WTMM_SETTINGS: file,
    ANSIBLE_NOCOLOR: "1",
    // A machine that has this one's address later must not be asked through this one's connections.
    ANSIBLE_SSH_CONTROL_PATH_DIR: folder,
    SSH_AUTH_SOCK: "",
  });
  await rm(folder, { recursive: true });
  const counted = (word: string) =>
    Number(new RegExp(`^(?:vm|copy) +:.*\\b${word}=(\\d+)`, "m").exec(answer.output)?.[1] ?? Number.NaN);
  return {
    ...answer,
    ok: counted("ok"),
    changed: counted("changed"),
    unreachable: counted("unreachable"),
    failed: counted("failed"),
  };
}

/** Runs a command of this host to its end. Rejects only when there is no such command. */
export function run(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
      (error, out, err) => {
        if (error !== null && typeof error.code !== "number") return reject(error);
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: `${out}${err}`.trimEnd() });
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** The output of a command that must succeed. */
async function succeed(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, output } = await run(command, env);
  if (code !== 0) throw new Error(`Exit code ${code} from ${command.join(" ")}:\n${output}`);
  return output;
}
