import { rm } from "node:fs/promises";
import { type Authority, endAuthority, trustAuthority } from "./authority.ts";
import {
  type Answer,
  type BareMachine,
  type Keys,
  type Play,
  bareMachine,
  makeKeys,
  playbook,
  run,
} from "./provisioned.ts";

/** A machine to provision, and who looks at it from outside. */
export type ProvisionWorld = {
  readonly machine: BareMachine;
  /** Another machine, which the first one doesn't know. */
  readonly stranger: BareMachine;
  readonly keys: Keys;
  /** The name that the machine is asked by. */
  readonly host: string;
  /** Runs `bin/provision`: all of it, unless roles are named. */
  provision(options?: ProvisionOptions): Promise<Play>;
  /** What curl gets from the machine for that path over https, with its headers. Rejects never. */
  ask(path: string): Promise<Answer>;
  /** Path of a public key without its private half. */
  lostKey(): Promise<string>;
  remove(): Promise<void>;
};

export type ProvisionOptions = {
  readonly tags?: string;
  readonly extraVars?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
};

/** Boots both machines, with nothing on them. */
export async function openProvisionWorld(name: string, suite: string): Promise<ProvisionWorld> {
  const machine = await bareMachine(name, suite);
  const stranger = await bareMachine(`${name}-out`, suite);
  const keys = await makeKeys();
  const host = `${name}.example.com`;
  const authority = await trustAuthority(machine, host);
  const lost: Keys[] = [];
  return {
    machine,
    stranger,
    keys,
    host,
    provision: ({ extraVars = {}, ...options } = {}) =>
      playbook("provision", { machine, keys, ...options, extraVars: { ...settings(host, authority), ...extraVars } }),
    ask: (path) => askFromHere(machine, host, authority, path),
    lostKey: async () => {
      const made = await makeKeys();
      lost.push(made);
      await rm(made.admin);
      return `${made.admin}.pub`;
    },
    remove: async () => {
      for (const one of [machine, stranger, keys, ...lost]) await one.remove();
      await endAuthority();
    },
  };
}

function settings(domain: string, { directory }: Authority): Readonly<Record<string, unknown>> {
  return { domain, acme_directory: directory, dns_wait_minutes: 0 };
}

/** Curl here doesn't know the authority, so it reads its certificate from a pipe (what Node gives it as input is a socket). */
function askFromHere({ address }: BareMachine, host: string, { root }: Authority, path: string): Promise<Answer> {
  const curl = [
    "sh",
    "-c",
    'cat | "$@"',
    "sh",
    "curl",
    "--silent",
    "--show-error",
    "--include",
    "--max-time",
    "20",
    "--cacert",
    "/dev/stdin",
  ];
  return run([...curl, "--resolve", `${host}:443:${address}`, `https://${host}${path}`], {}, root);
}
