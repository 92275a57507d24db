import type { DashboardAnswer } from "./ask-drill-process.ts";
import { openDashboard } from "./drill-dashboard.ts";

const [folder = ""] = process.argv.slice(2);
const answered = JSON.stringify(await answer());
// To close the database would bring all of it to the disk.
process.stdout.write(answered, () => process.exit());

async function answer(): Promise<DashboardAnswer> {
  try {
    return { opened: await openDashboard(folder, new AsyncDisposableStack()) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}
