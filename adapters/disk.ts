import { statfs } from "node:fs/promises";

/** The share of a folder's disk that a program without special rights may still fill, from 0 to 1. */
export async function freeDiskOf(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 1 : bavail / blocks;
}
