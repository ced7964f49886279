-- One person once: what people meet by, who may be one, who was merged into whom.

-- What likely twins share, as keyed hashes: mobile, e-mail, sound of the name with month of birth or
-- employer, day of birth with employer.
CREATE TABLE IF NOT EXISTS person_key (
  hash INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (hash, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS person_key_by_person ON person_key (person);

-- Two people who may be one, and what was decided about them. `one` is the smaller id. `state`:
-- open, distinct (two different people) or merged.
CREATE TABLE IF NOT EXISTS person_pair (
  id INTEGER PRIMARY KEY,
  one INTEGER NOT NULL,
  other INTEGER NOT NULL,
  score INTEGER NOT NULL,
  band TEXT NOT NULL,
  evidence TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS person_pair_by_one_other ON person_pair (one, other);
CREATE INDEX IF NOT EXISTS person_pair_by_other ON person_pair (other);
CREATE INDEX IF NOT EXISTS person_pair_by_state_score ON person_pair (state, score, id);

-- `other` became part of `survivor`. The images hold the fields that the merge changed, so that an
-- unmerge can tell them from later changes. No sealed number is in them.
CREATE TABLE IF NOT EXISTS person_merge (
  id INTEGER PRIMARY KEY,
  survivor INTEGER NOT NULL,
  other INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  identity TEXT NOT NULL,
  survivor_before TEXT NOT NULL,
  survivor_after TEXT NOT NULL,
  other_before TEXT NOT NULL,
  undone_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS person_merge_by_other ON person_merge (other);
CREATE INDEX IF NOT EXISTS person_merge_by_survivor ON person_merge (survivor);

-- What referred to `other` and was pointed at `survivor`, with what else the merge changed there.
CREATE TABLE IF NOT EXISTS person_merge_child (
  merge INTEGER NOT NULL,
  record_type TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  before_image TEXT NOT NULL,
  after_image TEXT NOT NULL,
  PRIMARY KEY (merge, record_type, record_id)
) STRICT, WITHOUT ROWID;
