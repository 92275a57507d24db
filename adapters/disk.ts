import { statfs } from "node:fs/promises";

/** What a program without special rights may still fill of a disk: its share, from 0 to 1, and how much that is. */
export type DiskSpace = { readonly freeShare: number; readonly freeBytes: number };

/** The room on the disk of a folder. */
export async function diskSpaceOf(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeShare: blocks === 0 ? 1 : bavail / blocks, freeBytes: bavail * bsize };
}

/** The share of a folder's disk that a program without special rights may still fill, from 0 to 1. */
export async function freeDiskOf(folder: string): Promise<number> {
  return (await diskSpaceOf(folder)).freeShare;
}
