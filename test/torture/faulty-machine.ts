import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

/** Whether there can be such machines here: other systems have no LD_PRELOAD. */
export const CAN_BE_FAULTY = process.platform === "linux";

const SOURCE = new URL("./faulty-libc.c", import.meta.url).pathname;

/** What goes wrong from now on; what is left out is as it should be. */
export type Faults = {
  /** How many seconds the clock is ahead (or, below zero, behind). */
  readonly clockAheadS?: number;
  /** How many more bytes the database's files may grow by. */
  readonly roomBytes?: number;
  /** What every change in the folder fails with. */
  readonly error?: "EROFS" | "EIO";
};

/** A machine whose disk and clock do as they are told, for programs that run with `env`. */
export type FaultyMachine = {
  readonly env: Readonly<Record<string, string>>;
  /** Takes effect at once, also in a program that runs. */
  order(faults: Faults): void;
  /** All that was asked of the disk since this was called last; `powerCut` reads it. Nothing may run meanwhile. */
  takeJournal(): Buffer;
};

/**
 * A machine for programs that keep their database in `dataDir`, for the current test.
 *
 * @throws Error when its library cannot be compiled: without it nothing would be proven
 */
export function faultyMachine(dataDir: string): FaultyMachine {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-faults-"));
  const library = join(folder, "faulty-libc.so");
  const orders = join(folder, "orders");
  const journal = join(folder, "journal");
  compile(library);
  const file = openSync(orders, "w+");
  const order = ({ clockAheadS = 0, roomBytes = -1, error }: Faults): void => {
    const values = [clockAheadS, roomBytes, error === undefined ? 0 : constants.errno[error]];
    writeSync(file, BigInt64Array.from(values, BigInt), 0, 24, 0);
  };
  order({});
  onTestFinished(() => {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    env: { LD_PRELOAD: library, FAULTS_FOLDER: dataDir, FAULTS_ORDERS: orders, FAULTS_JOURNAL: journal },
    order,
    takeJournal() {
      const entries = readFileSync(journal);
      rmSync(journal);
      return entries;
    },
  };
}

function compile(library: string): void {
  const options = ["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-pthread"];
  const { error, status, stderr } = spawnSync("gcc", [...options, "-o", library, SOURCE, "-ldl"], { encoding: "utf8" });
  if (error !== undefined) {
    throw new Error("The fault suite needs gcc (Debian, Ubuntu: apt-get install gcc libc6-dev).", { cause: error });
  }
  if (status !== 0) throw new Error(`gcc could not compile ${SOURCE}: ${stderr}`);
}
