import type { DashboardAnswer } from "./ask-drill-process.ts";
import { openDashboard } from "./drill-dashboard.ts";

const [folder = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<DashboardAnswer> {
  try {
    return { opened: await openDashboard(folder) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}
