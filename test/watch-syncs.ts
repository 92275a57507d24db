import { open, type FileHandle } from "node:fs/promises";

import { onTestFinished, vi } from "vitest";

/**
 * Watches what this process brings to the disk by a file handle, until the test is over.
 *
 * @param before happens first, each time
 */
export async function watchSyncs(before: () => Promise<void> | void): Promise<void> {
  await using handle = await open(import.meta.filename);
  const fileHandle = Object.getPrototypeOf(handle) as FileHandle;
  const { datasync } = fileHandle;
  const spy = vi.spyOn(fileHandle, "datasync").mockImplementation(async function (this: FileHandle) {
    await before();
    await datasync.call(this);
  });
  onTestFinished(() => spy.mockRestore());
}
