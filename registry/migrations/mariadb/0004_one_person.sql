-- One person once: what people meet by, who may be one, who was merged into whom.

-- What likely twins share, as keyed hashes: mobile, e-mail, sound of the name with month of birth or
-- employer, day of birth with employer.
CREATE TABLE IF NOT EXISTS person_key (
  hash BIGINT NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (hash, person)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS person_key_by_person ON person_key (person);

-- Two people who may be one, and what was decided about them. `one` is the smaller id. `state`:
-- open, distinct (two different people) or merged.
CREATE TABLE IF NOT EXISTS person_pair (
  id BIGINT PRIMARY KEY,
  one BIGINT NOT NULL,
  other BIGINT NOT NULL,
  score BIGINT NOT NULL,
  band VARCHAR(64) NOT NULL,
  evidence TEXT NOT NULL,
  state VARCHAR(64) NOT NULL,
  decided_by TEXT,
  decided_at BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS person_pair_by_one_other ON person_pair (one, other);
CREATE INDEX IF NOT EXISTS person_pair_by_other ON person_pair (other);
CREATE INDEX IF NOT EXISTS person_pair_by_state_score ON person_pair (state, score, id);

-- `other` became part of `survivor`. The images hold the fields that the merge changed, so that an
-- unmerge can tell them from later changes. No sealed number is in them.
CREATE TABLE IF NOT EXISTS person_merge (
  id BIGINT PRIMARY KEY,
  survivor BIGINT NOT NULL,
  other BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  identity VARCHAR(64) NOT NULL,
  survivor_before MEDIUMTEXT NOT NULL,
  survivor_after MEDIUMTEXT NOT NULL,
  other_before MEDIUMTEXT NOT NULL,
  undone_at BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS person_merge_by_other ON person_merge (other);
CREATE INDEX IF NOT EXISTS person_merge_by_survivor ON person_merge (survivor);

-- What referred to `other` and was pointed at `survivor`, with what else the merge changed there.
CREATE TABLE IF NOT EXISTS person_merge_child (
  merge BIGINT NOT NULL,
  record_type VARCHAR(64) NOT NULL,
  record_id BIGINT NOT NULL,
  before_image MEDIUMTEXT NOT NULL,
  after_image MEDIUMTEXT NOT NULL,
  PRIMARY KEY (merge, record_type, record_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
