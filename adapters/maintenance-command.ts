import { existsSync } from "node:fs";
import { join } from "node:path";

import { AppError } from "../errors.ts";
import { sayMaintenance } from "../handlers/maintenance.ts";
import { callControl } from "./control-socket.ts";
import { takeLock } from "./instance-lock.ts";
import { beginMaintenance, endMaintenance, readMaintenance } from "./maintenance-flag.ts";

/**
 * `wtmm maintenance`: begins, renews or ends it, or tells. A running service carries it out; when none runs, this process
 * does, under the same lock. The store is not opened: it may be what is worked on.
 *
 * @returns sentences for the operator
 * @throws Error with one sentence when there is no data folder, or when it is in use by what takes no commands
 */
export async function maintenanceCommand(action: "on" | "off" | "status", dataDir: string): Promise<string> {
  if (!existsSync(dataDir)) {
    throw new AppError("not_found", `There is no folder ${dataDir}. Set DATA_DIR to the one of the service.`);
  }
  if (action === "status") return sayMaintenance(readMaintenance(dataDir, Temporal.Now.instant()));
  const isOn = action === "on";
  const called = await callControl(join(dataDir, "control.sock"), "maintenance", { isOn });
  if (called.running) return String(called.result);
  const lock = takeLock(join(dataDir, "lock"));
  try {
    return changeMaintenance(isOn, dataDir, Temporal.Now.instant());
  } finally {
    lock.release();
  }
}

/** Begins, renews or ends it, and says what is so now. */
export function changeMaintenance(isOn: boolean, dataDir: string, now: Temporal.Instant): string {
  if (isOn) return sayMaintenance(beginMaintenance(dataDir, now));
  endMaintenance(dataDir);
  return sayMaintenance(null);
}
