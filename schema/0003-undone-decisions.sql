-- The decision that a row takes back; the row itself then says what stands again. Undone ones count for nothing.
ALTER TABLE look_alike_decisions ADD COLUMN undoes TEXT REFERENCES look_alike_decisions (id);

CREATE UNIQUE INDEX look_alike_decisions_undone ON look_alike_decisions (undoes) WHERE undoes IS NOT NULL;
