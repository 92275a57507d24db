-- What a program that is older than the database must know before it uses it: a release that is put back meets the schema
-- of the one that was taken away.
CREATE TABLE schema_steps (
  version INTEGER PRIMARY KEY,
  -- The oldest schema whose programs run on a database that has this one.
  oldest_program INTEGER NOT NULL
) STRICT;
