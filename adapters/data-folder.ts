import { mkdirSync } from "node:fs";

/**
 * Makes the data folder, open to its owner alone.
 *
 * @throws Error with one sentence when there can be none
 */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`The data folder ${dataDir} can't be made. Set DATA_DIR to one that can.`, { cause: error });
  }
}
