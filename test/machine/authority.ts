import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BareMachine, run } from "./provisioned.ts";

const acme = join(import.meta.dirname, "acme");
const testbed = join(import.meta.dirname, "testbed");

/** The tests' own Let's Encrypt. */
export type Authority = {
  /** Where certbot asks it. */
  readonly directory: string;
  /** PEM of what signs its certificates. */
  readonly root: string;
};

/** Starts it unless it runs. It finds that machine, and no other, by the name; the machine trusts it and what it signs. */
export async function trustAuthority(machine: BareMachine, host: string): Promise<Authority> {
  await succeed(acme, "up", `${host}=${machine.address}`);
  const [directory, root, ca] = [
    await succeed(acme, "directory"),
    await succeed(acme, "root"),
    await succeed(acme, "ca"),
  ];
  await machine.console(`
    cat >/usr/local/share/ca-certificates/acme.crt <<'END OF FILE'\n${await readFile(ca, "utf8")}\nEND OF FILE
    cat >/usr/local/share/ca-certificates/issued.crt <<'END OF FILE'\n${root}\nEND OF FILE
    update-ca-certificates >/dev/null 2>&1
    echo '${machine.address} ${host}' >>/etc/hosts`);
  return { directory, root };
}

/** Ends it when no machine is left: the network that it listens on went with the last one. */
export async function endAuthority(): Promise<void> {
  if ((await succeed(testbed, "list")) === "") await succeed(acme, "down");
}

async function succeed(...command: readonly string[]): Promise<string> {
  const { code, output } = await run(command);
  if (code !== 0) throw new Error(`Exit code ${code} from ${command.join(" ")}:\n${output}`);
  return output;
}
