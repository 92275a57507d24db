import { tmpdir } from "node:os";

import { expect, it } from "vitest";

import { diskSpaceOf, freeDiskOf } from "./disk.ts";

it("tells the share of the disk that is free", async () => {
  const free = await freeDiskOf(tmpdir());
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThanOrEqual(1);
  await expect(freeDiskOf("/no/such/folder")).rejects.toThrow("ENOENT");
});

it("tells how much of it is free", async () => {
  const { freeBytes, freeShare } = await diskSpaceOf(tmpdir());
  expect(freeBytes).toBeGreaterThan(1_000_000);
  expect(freeShare).toBeCloseTo(await freeDiskOf(tmpdir()), 1);
});
