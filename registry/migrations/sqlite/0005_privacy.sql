-- Audit events carry a code of their own beside the chained one; keys, reveals, erasure.

-- Says that an event happened as it stands, whatever its place; NULL: written before this schema.
ALTER TABLE audit_event ADD COLUMN mac BLOB;

-- How many fields an actor opened on a day (days since 1970, Beijing).
CREATE TABLE IF NOT EXISTS reveal_quota (
  actor TEXT NOT NULL,
  day INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (actor, day)
) STRICT, WITHOUT ROWID;

-- Exports with numbers in clear: asked for by one, approved by another, fetched once.
CREATE TABLE IF NOT EXISTS unmasked_export (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  program TEXT NOT NULL,
  region TEXT NOT NULL,
  purpose TEXT NOT NULL,
  case_number TEXT NOT NULL,
  office TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  approved_by TEXT,
  approved_at INTEGER,
  fetched_at INTEGER
) STRICT;

-- What a person's fields said before each correction, sealed under the person's data key.
CREATE TABLE IF NOT EXISTS person_change (
  id INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  before_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS person_change_by_person ON person_change (person);

-- People who were erased, by blind index: an old sheet must not bring them back.
CREATE TABLE IF NOT EXISTS tombstone (
  identity BLOB PRIMARY KEY,
  erased_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  basis TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People whose data must be kept for now: nothing is erased.
CREATE TABLE IF NOT EXISTS person_hold (
  person INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
