import { endAuthority, trustAuthority } from "./authority.ts";
import { type Answer, type BareMachine, type Keys, type Play, bareMachine, makeKeys, playbook } from "./provisioned.ts";

/** A machine on which `bin/provision` has run, and what its operator does next. */
export type Deployed = {
  readonly machine: BareMachine;
  readonly keys: Keys;
  /** The name that it is asked by, which only its authority knows. */
  readonly host: string;
  /** PEM of what signs the machine's certificate. */
  readonly authority: string;
  /** What provisioning said. */
  readonly provisioned: Play;
  /** `bin/deploy` of an archive. */
  deploy(archive: string): Promise<Play>;
  /** `bin/rollback`, to the release before unless one is named. */
  rollback(name?: string): Promise<Play>;
  /** Runs a shell script as the deploy user. */
  asDeploy(script: string): Promise<Answer>;
  /** The release that `/health` names; empty when nothing serves. */
  serving(): Promise<string>;
  remove(): Promise<void>;
};

/**
 * Boots a machine and provisions all of it.
 *
 * @param more variables beside those that all tests set, or in their place
 */
export async function provisionedMachine(
  name: string,
  suite: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Deployed> {
  const machine = await bareMachine(name, suite);
  return provision(machine, await makeKeys(), more);
}

/** Provisions a machine that is there. */
export async function provision(
  machine: BareMachine,
  keys: Keys,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Deployed> {
  const host = `${machine.name}.example.com`;
  const { directory, root } = await trustAuthority(machine, host);
  const extraVars = { ...settings, domain: host, acme_directory: directory, dns_wait_minutes: 0, ...more };
  const provisioned = await playbook("provision", { machine, keys, extraVars });
  if (provisioned.code !== 0) throw new Error(provisioned.output);
  return {
    machine,
    keys,
    host,
    authority: root,
    provisioned,
    deploy: (archive) => playbook("deploy", { machine, keys, args: [archive] }),
    rollback: (release) => playbook("rollback", { machine, keys, args: release === undefined ? [] : [release] }),
    asDeploy: (script) => machine.login("deploy", keys.deploy, script),
    serving: async () => {
      const health = await machine.console("curl --silent --max-time 5 http://127.0.0.1:8080/health || true");
      return /"release":"([^"]*)"/.exec(health)?.[1] ?? "";
    },
    remove: async () => {
      await machine.remove();
      await keys.remove();
      await endAuthority();
    },
  };
}

/** All requests of the tests come from one address, and many at once. Nobody gets letters, and nothing asks who would send them. */
const settings = {
  ssh_from: ["10.213.0.0/24"],
  webhook_from: ["10.213.0.0/24"],
  nginx_requests_per_second: 10_000,
  nginx_burst: 20_000,
  nginx_connections: 20_000,
  wtmm_more_settings: {
    ACCOUNT_MAILS_PER_DAY: 1_000_000,
    ACCOUNT_BYTES_PER_DAY: 100_000_000_000,
    POSTMARK_API_URL: "http://127.0.0.1:9",
  },
};
