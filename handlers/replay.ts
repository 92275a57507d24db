import type { Interpretation } from "../adapters/libsql-interpretation.ts";
import type { ReplayedMail, StoredPurchase } from "../adapters/libsql-replay.ts";
import type { App } from "../app.ts";
import { formatMoney } from "../ledger/money.ts";
import { interpretMail } from "./interpret.ts";
import { openRecipients } from "./recipients.ts";

/** Which mails are read once more. */
export type ReplayRange = {
  readonly since: Temporal.Instant | null;
  readonly accountId: string | null;
  /** Only mails that arrived after the one with this number. */
  readonly after: number;
};

/** What a better reading would change about one mail. */
export type ReplayChange = {
  readonly mailId: string;
  /** One line for the operator; empty when only the text that is shown changes. */
  readonly says: string;
};

/** A step of a replay: how many mails it read, what would change, and where the next step begins (null: nowhere). */
export type ReplayStep = {
  readonly read: number;
  readonly changes: readonly ReplayChange[];
  readonly next: number | null;
};

const STEP = 200;
const DAY_LENGTH = 10;

/** Reads some kept mails once more and says what would change. Writes nothing. */
export async function replayStep(range: ReplayRange, app: App): Promise<ReplayStep> {
  const mails = await app.store.mailsToReplay({ ...range, limit: STEP });
  const recipients = openRecipients(app);
  const changes: ReplayChange[] = [];
  for (const mail of mails) {
    const says = difference(mail, await interpretMail(mail, recipients, app));
    if (says !== null) changes.push({ mailId: mail.id, says });
  }
  return { read: mails.length, changes, next: mails.length < STEP ? null : (mails.at(-1)?.number ?? null) };
}

/** What differs, in a line; empty when only what pages show does; null when nothing does. */
function difference(before: ReplayedMail, after: Interpretation): string | null {
  // It can't be checked or read just now. Whatever it was stays.
  if (after.tryAgainAt !== null || (after.reading === null && before.reading !== null)) return null;
  const bookings = bookingChanges(before, after);
  const outcome = before.outcome === after.outcome ? [] : [`${before.outcome} -> ${after.outcome}`];
  const said = [...outcome, ...bookings];
  if (said.length === 0) {
    const isSame = before.reading === after.reading && before.reason === after.reason;
    return isSame && before.institution === after.institution ? null : "";
  }
  const day = Temporal.Instant.fromEpochMilliseconds(before.receivedAt).toString().slice(0, DAY_LENGTH);
  return `${day} ${after.institution ?? after.sender} (${before.id}): ${said.join("; ")}`;
}

function bookingChanges(before: ReplayedMail, after: Interpretation): string[] {
  const was = new Map(before.purchases.map((purchase) => [purchase.position, purchase]));
  const changed = after.purchases.flatMap((purchase) => {
    const old = was.get(purchase.position);
    if (old === undefined) return [`new: ${sayPurchase(purchase)}`];
    const [from, to] = [sayPurchase(old), sayPurchase(purchase)];
    return from === to && old.words === purchase.words ? [] : [`${from} -> ${to}`];
  });
  const gone = after.withdrawn.flatMap((position) => was.get(position) ?? []);
  return [...changed, ...gone.map((purchase) => `no more: ${sayPurchase(purchase)}`)];
}

function sayPurchase({ kind, merchant, card, occurredAt, occurredOn, ...money }: StoredPurchase): string {
  const when = occurredOn ?? Temporal.Instant.fromEpochMilliseconds(occurredAt).toString({ smallestUnit: "minute" });
  return `${kind} ${formatMoney(money)}, ${merchant}, card ${card ?? "not named"}, ${when}`;
}
