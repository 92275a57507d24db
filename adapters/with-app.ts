import { join } from "node:path";

import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { makeDataDir } from "./data-folder.ts";
import { takeLock } from "./instance-lock.ts";
import { openLog } from "./log.ts";
import { openApp } from "./open-app.ts";
import { startCommandTasks } from "./tasks.ts";

/**
 * Does one thing with the store while no service runs, under the same lock.
 *
 * @throws Error with one sentence when the data folder is in use
 */
export async function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  makeDataDir(config.dataDir);
  const lock = takeLock(join(config.dataDir, "lock"));
  try {
    const opened = await openApp(config, openLog(config.logLevel));
    const running = startCommandTasks(opened.app);
    try {
      return await work(running.app);
    } finally {
      await running.close();
      await opened.close();
    }
  } finally {
    lock.release();
  }
}
