import type { Config } from "../config.ts";
import type { Address, Listening } from "./node.ts";

// systemd passes sockets from this file descriptor on.
const FIRST_PASSED_FD = 3;
const PORTS_TRIED = 100;

/**
 * Listens where it should: on the socket that systemd passes, else on the port. In local mode, when the default port is
 * taken, on the next free one.
 *
 * @throws Error with one sentence when the port is taken
 */
export async function addressToListenOn(
  { local, port, portIsSet, host }: Config,
  listenOn: (address: Address) => Promise<Listening>,
): Promise<Listening> {
  if (isPassedASocket()) return listenOn({ fd: FIRST_PASSED_FD });
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listenOn({ port: candidate, host });
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (portIsSet || !local) throw new Error(portTaken(candidate), { cause: error });
      if (candidate === port + PORTS_TRIED)
        throw new Error(`All ports from ${port} to ${candidate} are taken.`, { cause: error });
    }
  }
}

/** Whether an error says that an address is in use. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function portTaken(port: number): string {
  return `Port ${port} is taken by another program. Stop that program, or set PORT to a free one.`;
}

function isPassedASocket(): boolean {
  return process.env["LISTEN_PID"] === String(process.pid) && Number(process.env["LISTEN_FDS"]) >= 1;
}
