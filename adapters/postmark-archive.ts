import * as v from "valibot";

import { AppError } from "../errors.ts";
import { halvesOf, searchTimes, type Window } from "./archive-windows.ts";
import { openPostmarkApi, type ApiAnswer, type ApiSettings } from "./postmark-api.ts";

/**
 * How far a mail has come at Postmark. `processed`: we said 200. `failed`: we never did, and it is not tried any more.
 * `scheduled`, `queued`: Postmark will bring it by itself.
 */
export type ArchiveStatus = "queued" | "scheduled" | "failed" | "processed";

/** A mail that Postmark has; its id is what the webhook's `MessageID` says. */
export type ArchivedMail = { readonly id: string; readonly status: ArchiveStatus };

/** Why something about one mail could not be done, as a sentence. */
type Refused = { readonly state: "refused"; readonly reason: string };

/**
 * The mails that Postmark has taken for us. It keeps them for 45 days, unless that was changed there.
 *
 * Each call rejects with an AppError `unavailable` when Postmark can't be asked, or when `stop` says so.
 */
export type Archive = {
  /**
   * All that it took since then, but for what its own rules blocked: each once, in no order.
   *
   * @param found is told how many there are so far
   */
  list(since: Temporal.Instant, stop: AbortSignal, found: (count: number) => void): Promise<ArchivedMail[]>;
  /** Has a mail brought to the webhook again. */
  bringAgain(id: string, stop: AbortSignal): Promise<{ readonly state: "asked" } | Refused>;
  /** A mail as far as it is kept: the webhook's fields without the raw mail. Outside data, but for its `MessageID`. */
  details(
    id: string,
    stop: AbortSignal,
  ): Promise<{ readonly state: "found"; readonly details: Readonly<Record<string, unknown>> } | Refused>;
};

// In the order in which a mail passes through them: what moves on while we ask is found at its next place.
const STATUSES: readonly ArchiveStatus[] = ["queued", "scheduled", "failed", "processed"];
// Of one answer, and of what can be paged through in all: https://postmarkapp.com/developer/api/messages-api
const PAGE = 500;
const REACH = 10_000;
const REASON_LENGTH = 300;

const list = v.object({
  // Its own client's types call it a string.
  TotalCount: v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]), v.minValue(0)),
  // As in handlers/inbound-payload.ts: it becomes a key, and part of an address.
  InboundMessages: v.array(v.object({ MessageID: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)) })),
});
const refusal = v.object({ ErrorCode: v.number(), Message: v.fallback(v.string(), "") });
const NOTHING_WRONG = 0;

type Limits = { readonly page?: number; readonly reach?: number };

/**
 * Opens Postmark's archive.
 *
 * @param limits what one answer holds, and how far one can page, where Postmark is not asked
 */
export function openPostmarkArchive(settings: ApiSettings, { page = PAGE, reach = REACH }: Limits = {}): Archive {
  const ask = openPostmarkApi(settings);

  async function search(window: Window, status: ArchiveStatus, offset: number, stop: AbortSignal) {
    const { fromdate, todate } = searchTimes(window);
    const query = new URLSearchParams({ count: String(page), offset: String(offset), status, fromdate });
    if (todate !== null) query.set("todate", todate);
    return readList(await ask("GET", `/messages/inbound?${query.toString()}`, stop));
  }

  /** Calls `found` with the ids of all that lie in the window; some of them more than once. */
  async function walk(
    window: Window,
    status: ArchiveStatus,
    stop: AbortSignal,
    found: (ids: readonly string[]) => void,
  ): Promise<void> {
    let { total, ids } = await search(window, status, 0, stop);
    if (total <= reach) found(ids);
    // What comes meanwhile pushes the others back, so that some are seen twice, and none is passed over within reach.
    for (let offset = page; offset < total && total <= reach && ids.length > 0; offset += page) {
      ({ total, ids } = await search(window, status, offset, stop));
      found(ids);
    }
    if (total <= reach) return;
    const halves = halvesOf(window, Temporal.Now.instant());
    if (halves === null) throw new AppError("unavailable", tooMany(window, status, total));
    for (const half of halves) await walk(half, status, stop, found);
  }

  return {
    async list(since, stop, found) {
      const mails = new Map<string, ArchivedMail>();
      for (const status of STATUSES) {
        await walk({ from: since, to: null }, status, stop, (ids) => {
          for (const id of ids) mails.set(id, { id, status });
          found(mails.size);
        });
      }
      return [...mails.values()];
    },

    async bringAgain(id, stop) {
      const answer = await ask("PUT", `/messages/inbound/${encodeURIComponent(id)}/retry`, stop);
      const refused = refusalOf(answer);
      return refused === null ? { state: "asked" } : { state: "refused", reason: refused };
    },

    async details(id, stop) {
      const answer = await ask("GET", `/messages/inbound/${encodeURIComponent(id)}/details`, stop);
      // A success says no such thing in its body.
      const about = v.safeParse(v.looseObject({ MessageID: v.string() }), bodyOf(answer));
      if (!about.success) {
        return { state: "refused", reason: refusalOf(answer) ?? "Postmark's answer is not about a mail." };
      }
      if (about.output.MessageID !== id)
        return { state: "refused", reason: "Postmark's answer is about another mail." };
      return { state: "found", details: about.output };
    },
  };
}

function readList(answer: ApiAnswer): { total: number; ids: readonly string[] } {
  const read = v.safeParse(list, bodyOf(answer));
  if (read.success) {
    return { total: read.output.TotalCount, ids: read.output.InboundMessages.map(({ MessageID }) => MessageID) };
  }
  const reason = refusalOf(answer) ?? "its answer is not a list of mails";
  throw new AppError("unavailable", `Postmark does not list its mails: ${reason}`);
}

function bodyOf(answer: ApiAnswer): unknown {
  return answer.state === "answered" && answer.status === 200 ? answer.body : null;
}

/** What Postmark said no with; null when it said yes. */
function refusalOf(answer: ApiAnswer): string | null {
  if (answer.state === "too_large") return "Postmark's answer about it is larger than any mail it keeps.";
  const read = v.safeParse(refusal, answer.body);
  if (!read.success) return answer.status === 200 ? null : `Postmark answered ${answer.status}.`;
  const { ErrorCode, Message } = read.output;
  if (answer.status === 200 && ErrorCode === NOTHING_WRONG) return null;
  return `Postmark answered ${answer.status}, error ${ErrorCode}: ${Message}`
    .replace(/\s+/g, " ")
    .slice(0, REASON_LENGTH);
}

function tooMany(window: Window, status: string, total: number): string {
  const { fromdate, todate } = searchTimes(window);
  return `Postmark has ${total} ${status} mails between ${fromdate} and ${todate ?? "now"}, more than it lists.`;
}
