import { openDashboard } from "./drill-dashboard.ts";

/** What the process says once: whose numbers were compared, or why they could not be. */
export type DashboardAnswer = { readonly opened: "one account's" | "none" } | { readonly refusal: string };

const [folder = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<DashboardAnswer> {
  try {
    return { opened: await openDashboard(folder) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}
