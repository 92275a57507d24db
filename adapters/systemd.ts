import { spawn } from "node:child_process";

import type { App } from "../app.ts";
import { servingState } from "../handlers/serving-state.ts";

/** Tells systemd how its service is. */
export type Systemd = {
  /** Says that the service begins to stop; from now on it only has to be alive. */
  stopping(): void;
  /** Says nothing more. */
  close(): void;
};

/** What systemd puts into a service's environment. */
export type SystemdEnvironment = {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
};

const NOTIFY = "/usr/bin/systemd-notify";
// Two may be late before the third is missed.
const PINGS_PER_TIMEOUT = 3;
// One assignment a line, each told before the next; 0 or an error code comes back. systemd also sends a stop's signal to
// us all when its KillMode is control-group, so only the end of the lines is an end.
const RELAY = 'trap "" TERM INT; while IFS= read -r line; do "$0" "$line" </dev/null; echo $?; done';

/**
 * Tells systemd that the service is ready, which release it is, and, as often as the watchdog asks for, that it can serve.
 * Does nothing where no systemd waits for it. Nothing that goes wrong here stops the service.
 *
 * Node has no sockets of that kind, so `systemd-notify` tells it, started by a shell that is started once: starting a
 * process copies our memory's tables, which takes tens of milliseconds. See docs/decisions/0022-what-tells-systemd.md.
 *
 * @param app what serves, its store open and its port listened on
 * @param notify the program that tells systemd
 */
export function tellSystemd(app: App, environment: SystemdEnvironment, notify: string = NOTIFY): Systemd {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = environment;
  if (app.config.local || NOTIFY_SOCKET === undefined) return { stopping: () => {}, close: () => {} };
  const relay = startRelay(notify, NOTIFY_SOCKET, () => app.log.warn({}, "systemd could not be told"));
  relay.tell(`STATUS=Release ${app.release}`);
  relay.tell("READY=1");
  let isStopping = false;
  const ping = async (): Promise<void> => {
    if (isStopping || (await servingState(app)).ok) relay.tell("WATCHDOG=1");
  };
  const stopPinging = every(Number(WATCHDOG_USEC ?? 0) / 1_000 / PINGS_PER_TIMEOUT, ping);
  return {
    stopping() {
      isStopping = true;
      relay.tell("STOPPING=1");
    },
    close() {
      stopPinging();
      relay.close();
    },
  };
}

/** A store that does not answer is asked once, not again and again. */
function every(ms: number, work: () => Promise<void>): () => void {
  if (!(ms > 0)) return () => {};
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void work().finally(() => (isBusy = false));
  }, ms);
  return () => clearInterval(timer);
}

function startRelay(notify: string, socket: string, onFailure: () => void) {
  const child = spawn("/bin/sh", ["-c", RELAY, notify], {
    // Its own words on what went wrong go to the journal with ours.
    stdio: ["pipe", "pipe", "inherit"],
    env: { NOTIFY_SOCKET: socket },
  });
  let isClosed = false;
  const { stdin, stdout } = child;
  stdout.on("data", (codes: Buffer) => {
    if (/[^0\n]/.test(codes.toString())) onFailure();
  });
  // Writing to one that is gone is an error of its own; one line in the log is enough for both.
  stdin.on("error", () => {});
  child.once("error", onFailure).once("exit", () => {
    if (!isClosed) onFailure();
  });
  return {
    tell(line: string): void {
      if (stdin.writable) stdin.write(`${line}\n`);
    },
    close(): void {
      isClosed = true;
      stdin.end();
    },
  };
}
