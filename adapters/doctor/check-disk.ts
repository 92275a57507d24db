import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { LOW_DISK } from "../../handlers/webhook.ts";
import { bytesIn, databaseFileOf } from "../database-file.ts";
import { diskSpaceOf, type DiskSpace } from "../disk.ts";
import { findingsOf, type MachineCheck, type Finding } from "./finding.ts";

const { green, yellow, red } = findingsOf("disk");

/** Whether there is room where the database lies: to go on keeping mails, and for the copy that each dump and rehearsal makes. */
export function checkDisk(spaceOf: (folder: string) => Promise<DiskSpace> = diskSpaceOf): MachineCheck {
  return {
    name: "disk",
    of: "machine",
    async look({ dataDir, databaseUrl }) {
      const file = databaseFileOf(databaseUrl);
      const folder = nearest(resolve(file === null ? dataDir : dirname(file)));
      return [judged(folder, await spaceOf(folder), file === null ? 0 : sizeOf(file))];
    },
  };
}

function judged(folder: string, { freeShare, freeBytes }: DiskSpace, databaseBytes: number): Finding {
  const free = `${inUnits(freeBytes)} (${Math.floor(freeShare * 100)} %) of the disk of ${folder} are free`;
  const makeRoom = `Make room; this shows what is large: sudo du -xh --max-depth=3 / | sort -h | tail -20`;
  if (freeShare < LOW_DISK) {
    return red(`${free}. Below ${LOW_DISK * 100} % mails for nobody are no longer kept, and soon none are.`, makeRoom);
  }
  const size = inUnits(databaseBytes);
  if (freeBytes < databaseBytes) {
    return yellow(`${free}, but a copy of the database takes ${size}: no dump and no deploy can make one.`, makeRoom);
  }
  return green(`${free}; the database takes ${size}.`);
}

/** Before the first start there is no such folder yet. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

/** With its log, which is a part of it until it is written back. */
function sizeOf(file: string): number {
  return [file, `${file}-wal`].reduce((sum, path) => sum + bytesIn(path), 0);
}

function inUnits(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
