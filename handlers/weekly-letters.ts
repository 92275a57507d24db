import type { App, Summary } from "../app.ts";
import { isoWeek, mondayOf, weekRange } from "../ledger/days.ts";

const MONDAY = 1;
const FIRST_HOUR = 8;

/**
 * Writes the letters about the week that is over, on Mondays from eight o'clock in each account's own zone. Each account
 * gets one of each week, however often this runs.
 */
export async function weeklyLetters(app: App): Promise<Summary> {
  let written = 0;
  for (const timeZone of await app.store.weeklyZones()) {
    if (app.stopping.aborted) break;
    const now = app.now().toZonedDateTimeISO(timeZone);
    if (now.dayOfWeek !== MONDAY || now.hour < FIRST_HOUR) continue;
    const monday = mondayOf(now.toPlainDate()).subtract({ weeks: 1 });
    written += await app.store.addWeeklyLetters({
      timeZone,
      week: isoWeek(monday),
      details: JSON.stringify({ monday: monday.toString() }),
      weekEnd: weekRange(monday, timeZone).to,
      at: app.now(),
    });
  }
  if (written > 0) app.wake("outbox");
  return { written };
}
