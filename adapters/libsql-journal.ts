import { newTimelineId } from "./journal/segment-keys.ts";
import type { Timeline } from "./journal/segment.ts";
import type { Database } from "./libsql.ts";

/** The changes that the triggers of the schema noted. What they came to is read by another thread. */
export function journalStore(db: Database) {
  return {
    /** The life of this database between restores; begun now where there was none. */
    async timeline(now: Temporal.Instant, random: (bytes: number) => Uint8Array): Promise<Timeline> {
      const found = await db.one<TimelineRow>(TIMELINE);
      if (found !== null) return timelineFrom(found);
      const sql = "INSERT INTO journal_state (one, timeline) VALUES (1, ?) ON CONFLICT DO NOTHING";
      await db.write([{ sql, args: [newTimelineId(now, random)] }]);
      // Somebody else's, when two asked at once.
      const begun = await db.one<TimelineRow>(TIMELINE);
      if (begun === null) throw new Error("The database has no timeline after one was written");
      return timelineFrom(begun);
    },

    /** Whether a change waits to be uploaded. */
    async hasChanges(): Promise<boolean> {
      return (await db.one("SELECT 1 FROM journal LIMIT 1")) !== null;
    },

    /** Forgets the changes up to a number: they are uploaded. */
    async forgetChanges(to: number): Promise<void> {
      await db.write([{ sql: "DELETE FROM journal WHERE number <= ?", args: [to] }]);
    },

    /** Forgets all changes, where they are uploaded nowhere. */
    async forgetAllChanges(): Promise<void> {
      await db.write([{ sql: "DELETE FROM journal" }]);
    },
  };
}

type TimelineRow = { readonly timeline: string; readonly parent: string | null; readonly position: number | null };

const TIMELINE = "SELECT timeline, parent, parent_position AS position FROM journal_state WHERE one = 1";

function timelineFrom({ timeline, parent, position }: TimelineRow): Timeline {
  return { id: timeline, parent: parent === null || position === null ? null : { id: parent, position } };
}
