import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { App } from "../../app.ts";
import { readConfig, type Config } from "../../config.ts";
import { signInLink } from "../../handlers/compose-letter.ts";
import { monthRange } from "../../ledger/days.ts";
import { formatMoney } from "../../ledger/money.ts";
import { handle } from "../../router.ts";
import { openLog } from "../log.ts";
import { openApp } from "../open-app.ts";

/** Whose dashboard is opened, on which day, and what SQL says that they spent in its month. */
type Canary = {
  readonly accountId: string;
  readonly epoch: number;
  readonly day: Temporal.PlainDate;
  readonly sums: readonly { readonly currency: string; readonly amountMinor: number }[];
};

// Among so few there nearly always is one that counts, and it is found at once; else all are looked through.
const NEWEST = 1_000;
const ALL = -1;
// What a mail dates far off may lie on a day that has no page.
const YEAR_MS = 366 * 24 * 60 * 60_000;
const COUNTS = "removed = 0 AND origin <> 'sample'";

/**
 * Signs somebody in and opens their dashboard, through the same code as a request of theirs, on a database that was restored:
 * that of the account whose purchase was booked last, on its day. The sums on the page must be those that SQL finds. Nothing
 * is sent or written outside of the folder, whose keys are made for this and forgotten.
 *
 * @param folder has `wtmm.db`
 * @param opened gets what lets go of it. To close a database brings all of it to the disk, which is too much for one that is
 *   thrown away: the service's own syncs would wait for that
 * @returns whose numbers were compared: "none" where nobody has a purchase that counts, and only the front page was opened
 * @throws Error as the end of a sentence, which tells nothing of anybody
 */
export async function openDashboard(folder: string, opened: AsyncDisposableStack): Promise<"one account's" | "none"> {
  const canary = canaryIn(join(folder, "wtmm.db"));
  const { app, close } = await openApp(configFor(folder), openLog("silent"));
  opened.defer(close);
  if (canary === null) {
    await pageOf(app, "/");
    return "none";
  }
  const cookie = await signedIn(app, canary);
  await pageOf(app, "/dashboard", cookie);
  requireSums(await pageOf(app, `/day/${canary.day.toString()}`, cookie), canary);
  return "one account's";
}

/** Of local mode, which asks nobody outside. */
function configFor(folder: string): Config {
  const secret = randomBytes(32).toString("hex");
  const source = { env: { DATA_DIR: folder }, readFile: () => null };
  return readConfig(source, { webhookCredential: `drill:${secret}`, linkKey: secret });
}

function canaryIn(file: string): Canary | null {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const find = database.prepare(
      `SELECT account_id, occurred_at, occurred_on, time_zone, link_epoch FROM current_purchases p
         JOIN accounts a ON a.id = p.account_id
         WHERE p.id IN (SELECT id FROM purchases ORDER BY rowid DESC LIMIT ?) AND ${COUNTS}
           AND occurred_at BETWEEN booked_at - ${YEAR_MS} AND booked_at + ${YEAR_MS}
         ORDER BY booked_at DESC LIMIT 1`,
    );
    const newest = find.get(NEWEST) ?? find.get(ALL);
    if (newest === undefined) return null;
    const accountId = String(newest["account_id"]);
    const zone = String(newest["time_zone"]);
    const at = Temporal.Instant.fromEpochMilliseconds(Number(newest["occurred_at"])).toZonedDateTimeISO(zone);
    const on = newest["occurred_on"];
    const day = on === null ? at.toPlainDate() : Temporal.PlainDate.from(String(on));
    return { accountId, epoch: Number(newest["link_epoch"]), day, sums: sumsOf(database, accountId, day, zone) };
  } finally {
    database.close();
  }
}

function sumsOf(database: DatabaseSync, accountId: string, day: Temporal.PlainDate, zone: string): Canary["sums"] {
  const { from, to } = monthRange(day, zone);
  const first = day.with({ day: 1 });
  // The plus makes it look through the table itself: pages find purchases by an index.
  return database
    .prepare(
      `SELECT currency, sum(amount_minor) AS sum FROM current_purchases WHERE +account_id = ? AND ${COUNTS}
         AND iif(occurred_on IS NULL, occurred_at >= ? AND occurred_at < ?, occurred_on >= ? AND occurred_on < ?)
       GROUP BY currency`,
    )
    .all(accountId, from.epochMilliseconds, to.epochMilliseconds, first.toString(), first.add({ months: 1 }).toString())
    .map((row) => ({ currency: String(row["currency"]), amountMinor: Number(row["sum"]) }));
}

/** By a link like those in letters. */
async function signedIn(app: App, { accountId, epoch }: Canary): Promise<string> {
  const link = signInLink(accountId, epoch, null, app);
  await pageOf(app, link.slice(app.config.publicUrl.length));
  const body = new URLSearchParams({ t: new URL(link).searchParams.get("t") ?? "" });
  const answer = await handle(new Request(`${app.config.publicUrl}/sign-in`, { method: "POST", body }), app);
  const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
  if (answer.status !== 303 || cookie === "") throw new Error(`signing in answered ${answer.status}`);
  return cookie;
}

async function pageOf(app: App, path: string, cookie = ""): Promise<string> {
  const answer = await handle(new Request(app.config.publicUrl + path, { headers: { cookie } }), app);
  if (answer.status !== 200) throw new Error(`${path.split(/[?/]/)[1] || "the front page"} answered ${answer.status}`);
  return answer.text();
}

function requireSums(page: string, { sums }: Canary): void {
  for (const { currency, amountMinor } of sums) {
    const [, shown] = new RegExp(`aria-label="${currency}">\\s*<p class="big">([^<]*)</p>`).exec(page) ?? [];
    if (shown !== formatMoney({ amountMinor, currency }))
      throw new Error(`the sum in ${currency} on it is not that of the purchases`);
  }
}
