import { expect, it } from "vitest";

import { progressBar } from "./progress-bar.ts";

it.each([
  [0, 2_540_000_000, 0, "Fetching [------------------------] 0 %  0.0 of 2540 MB, 0.0 MB/s"],
  [1_270_000_000, 2_540_000_000, 10_000, "Fetching [############------------] 50 %  1270 of 2540 MB, 127 MB/s"],
  [2_539_999_999, 2_540_000_000, 10_000, "Fetching [########################] 99 %  2540 of 2540 MB, 254 MB/s"],
  [400_000, 400_000, 1_000, "Fetching [########################] 100 %  0.4 of 0.4 MB, 0.4 MB/s"],
  [0, 0, 0, "Fetching [########################] 100 %  0.0 of 0.0 MB, 0.0 MB/s"],
])("shows %i of %i bytes after %i ms", (done, total, elapsedMs, line) => {
  expect(progressBar("Fetching", done, total, elapsedMs)).toBe(line);
});
