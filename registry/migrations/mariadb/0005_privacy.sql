-- Audit events carry a code of their own beside the chained one; keys, reveals, erasure.

-- Says that an event happened as it stands, whatever its place; NULL: written before this schema.
ALTER TABLE audit_event ADD COLUMN IF NOT EXISTS mac VARBINARY(32);

-- How many fields an actor opened on a day (days since 1970, Beijing).
CREATE TABLE IF NOT EXISTS reveal_quota (
  actor VARCHAR(190) NOT NULL,
  day BIGINT NOT NULL,
  used BIGINT NOT NULL,
  PRIMARY KEY (actor, day)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Exports with numbers in clear: asked for by one, approved by another, fetched once.
CREATE TABLE IF NOT EXISTS unmasked_export (
  id BIGINT PRIMARY KEY,
  kind VARCHAR(64) NOT NULL,
  program VARCHAR(190) NOT NULL,
  region VARCHAR(64) NOT NULL,
  purpose TEXT NOT NULL,
  case_number TEXT NOT NULL,
  office VARCHAR(64) NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  approved_by TEXT,
  approved_at BIGINT,
  fetched_at BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- What a person's fields said before each correction, sealed under the person's data key.
CREATE TABLE IF NOT EXISTS person_change (
  id BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  before_sealed MEDIUMBLOB NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS person_change_by_person ON person_change (person);

-- People who were erased, by blind index: an old sheet must not bring them back.
CREATE TABLE IF NOT EXISTS tombstone (
  identity BINARY(32) PRIMARY KEY,
  erased_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  basis TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- People whose data must be kept for now: nothing is erased.
CREATE TABLE IF NOT EXISTS person_hold (
  person BIGINT PRIMARY KEY,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
