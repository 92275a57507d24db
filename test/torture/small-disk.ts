import { spawnSync } from "node:child_process";

import { onTestFinished } from "vitest";

const SIZE_MB = 16;

/**
 * Mounts a file system of a few megabytes on a folder, for the current test.
 *
 * @throws Error without the right to
 */
export function mountSmallDisk(folder: string): void {
  mount(["-t", "tmpfs", "-o", `size=${SIZE_MB}m,mode=700`, "tmpfs", folder]);
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
}

/** Makes such a file system read-only, or lets it be written again. Nobody may write at that moment. */
export function remount(folder: string, mode: "ro" | "rw"): void {
  // Of the mount alone: the file system itself may only be changed by the real root.
  mount(["-o", `remount,bind,${mode}`, folder]);
}

function mount(args: readonly string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`A small file system needs root, or \`unshare -Urm npm run torture\`: ${stderr}`);
}
