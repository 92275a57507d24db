import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { askDrillProcess } from "./ask-drill-process.ts";

it("says why no dashboard could be opened", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-no-dashboard-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "wtmm.db"), "no database ".repeat(100));
  await expect(askDrillProcess(folder, new AbortController().signal)).rejects.toThrow(/file is not a database/);
});
