/** A condition on a mail `m` in review: its person has not decided, or has taken the decision back. */
export const WAITS_FOR_PERSON = `coalesce(
  (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1), 'waiting') = 'waiting'`;
