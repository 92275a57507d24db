/**
 * A condition on a purchase `p` that its person had a hand in: changed it, or said that it and another are one. What was
 * joined must not be withdrawn, for the others that it counts for would be in no total either.
 */
export const IS_PERSONS = `EXISTS (SELECT 1 FROM amendments WHERE purchase_id = p.id) OR p.joined_into IS NOT NULL
  OR EXISTS (SELECT 1 FROM purchases WHERE joined_into = p.id)`;
