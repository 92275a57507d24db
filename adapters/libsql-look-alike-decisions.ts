import { IS_STANDING, LOOK_ALIKES } from "./libsql-look-alikes.ts";
import type { Database, Statement } from "./libsql.ts";

/** A condition on a proposal `l`: its person says that the two are one. */
const IS_JOINED = `(SELECT decision FROM look_alike_decisions WHERE look_alike_id = l.id ORDER BY sequence DESC LIMIT 1)
  = 'joined'`;

/**
 * Joins, and parts, as the decisions say. A group is what joined proposals hold together. One purchase of each group
 * counts and all others are joined into that one, never into one another, so that no chain can leave all of them out: it
 * is the one that the person kept last, or where nothing was kept, the one that was booked last. All of it follows from
 * the decisions that stand, so that taking one back gives back exactly what was before it.
 *
 * The groups are those that the two of proposal ?1 of account ?2 are in: one, or two when they are parted.
 */
const JOIN = `WITH RECURSIVE member (side, id) AS (
    SELECT first_purchase, first_purchase FROM look_alikes WHERE id = ?1 AND account_id = ?2
    UNION SELECT second_purchase, second_purchase FROM look_alikes WHERE id = ?1 AND account_id = ?2
    UNION SELECT side, l.second_purchase FROM member JOIN look_alikes l ON l.first_purchase = member.id WHERE ${IS_JOINED}
    UNION SELECT side, l.first_purchase FROM member JOIN look_alikes l ON l.second_purchase = member.id WHERE ${IS_JOINED}
  )
  UPDATE purchases SET joined_into = nullif((
    SELECT counted.id FROM member JOIN member counted ON counted.side = member.side
      JOIN purchases p ON p.id = counted.id
    WHERE member.id = purchases.id
    ORDER BY (SELECT max(sequence) FROM look_alike_decisions d WHERE d.kept = counted.id AND ${IS_STANDING}) DESC,
      p.booked_at DESC, p.id DESC LIMIT 1), id)
  WHERE id IN (SELECT id FROM member)`;

// It goes through all that an account decided: of two joins in one group, the later one counts.
const NEXT = "1 + (SELECT coalesce(max(sequence), 0) FROM look_alike_decisions WHERE account_id = ?2)";

type OnLookAlike = {
  /** Of the new row. */
  readonly id: string;
  readonly accountId: string;
  readonly lookAlikeId: string;
  readonly at: Temporal.Instant;
};

/** What a person says of two purchases. The one that is kept counts for both: one that does so already, for one of them. */
export type LookAlikeDecision = { readonly is: "joined"; readonly kept: string } | { readonly is: "apart" };

/** The person's word on purchases that may be one; only ever added to. Nothing else joins or parts any. */
export function lookAlikeDecisionStore(db: Database) {
  return {
    /**
     * Writes a decision down, and what it makes of the totals. False, and nothing changes, when it stands already, when
     * the account has no such proposal, or when the two can't be joined: one of them is in no total, they are one
     * already, or what is to be kept counts for neither.
     */
    decideLookAlike: ({ decision, ...on }: OnLookAlike & { readonly decision: LookAlikeDecision }): Promise<boolean> =>
      decided(on, {
        sql: `INSERT INTO look_alike_decisions (id, account_id, look_alike_id, sequence, at, decision, kept)
              SELECT ?3, account_id, id, ${NEXT}, ?4, ?5, ?6 FROM (${LOOK_ALIKES})
              WHERE id = ?1 AND account_id = ?2 AND decision <> ?5
                AND (?5 = 'apart' OR mayBeJoined AND ?6 IN (firstCounted, secondCounted))`,
        args: [...argsOf(on), decision.is, decision.is === "joined" ? decision.kept : null],
      }),

    /**
     * Takes the newest decision on a proposal back that still stands. False, and nothing changes, when none stands, when
     * the newest is not `change`, when the account has no such proposal, or when that would join what can't be joined.
     */
    undoLookAlike: ({ change, ...on }: OnLookAlike & { readonly change: string }): Promise<boolean> =>
      decided(on, {
        sql: `INSERT INTO look_alike_decisions (id, account_id, look_alike_id, sequence, at, undoes, decision, kept)
              SELECT ?3, pair.account_id, pair.id, ${NEXT}, ?4, ?5, coalesce(former.decision, 'waiting'), former.kept
              FROM (${LOOK_ALIKES}) pair LEFT JOIN look_alike_decisions former ON former.id = (
                SELECT d.id FROM look_alike_decisions d WHERE d.look_alike_id = ?1 AND d.id <> ?5 AND ${IS_STANDING}
                ORDER BY d.sequence DESC LIMIT 1)
              WHERE pair.id = ?1 AND pair.account_id = ?2 AND undoable = ?5
                AND (mayBeJoined OR coalesce(former.decision, '') <> 'joined')`,
        args: [...argsOf(on), change],
      }),
  };

  async function decided(on: OnLookAlike, decision: Statement): Promise<boolean> {
    const [made] = await db.write([decision, { sql: JOIN, args: [on.lookAlikeId, on.accountId] }]);
    return made?.changed === 1;
  }
}

function argsOf({ lookAlikeId, accountId, id, at }: OnLookAlike) {
  return [lookAlikeId, accountId, id, at.epochMilliseconds];
}
