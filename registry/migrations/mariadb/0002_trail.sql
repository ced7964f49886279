-- What surrounds the records: status log, audit chain, import batches, plans, tokens, settings.

-- Every status a record had, appended only; funnels and coverage count from it.
CREATE TABLE IF NOT EXISTS status_log (
  id BIGINT PRIMARY KEY,
  record_type VARCHAR(64) NOT NULL,
  record_id BIGINT NOT NULL,
  status VARCHAR(64) NOT NULL,
  on_date VARCHAR(10),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS status_log_by_record_type_record_id ON status_log (record_type, record_id);

-- Head of each hash chain: one per server process, so that processes never wait for each other.
CREATE TABLE IF NOT EXISTS audit_chain (
  chain BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BINARY(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Keyed hash chain of every change and every read of a sealed field. No personal data.
CREATE TABLE IF NOT EXISTS audit_event (
  id BIGINT PRIMARY KEY,
  chain BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  role VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  record_type VARCHAR(64) NOT NULL,
  record_id BIGINT NOT NULL,
  detail TEXT NOT NULL,
  hash BINARY(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS audit_event_by_chain_seq ON audit_event (chain, seq);
CREATE INDEX IF NOT EXISTS audit_event_by_record_type_record_id ON audit_event (record_type, record_id);

-- One imported file.
CREATE TABLE IF NOT EXISTS import_batch (
  id BIGINT PRIMARY KEY,
  kind VARCHAR(64) NOT NULL,
  file_name TEXT NOT NULL,
  file_digest VARCHAR(64) NOT NULL,
  office VARCHAR(64) NOT NULL,
  actor TEXT NOT NULL,
  mode VARCHAR(64) NOT NULL,
  status VARCHAR(64) NOT NULL,
  row_count BIGINT NOT NULL,
  added BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  same BIGINT NOT NULL,
  duplicate BIGINT NOT NULL,
  review BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS import_batch_by_file_digest ON import_batch (file_digest);

-- What a batch did to each record, with what undoing it needs.
CREATE TABLE IF NOT EXISTS import_row (
  batch BIGINT NOT NULL,
  row_no BIGINT NOT NULL,
  operation VARCHAR(64) NOT NULL,
  record_type VARCHAR(64) NOT NULL,
  record_id BIGINT NOT NULL,
  version_after BIGINT NOT NULL,
  before_image TEXT,
  PRIMARY KEY (batch, row_no, record_type, record_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS import_row_by_record_type_record_id ON import_row (record_type, record_id);

-- One computed assignment for the open needs.
CREATE TABLE IF NOT EXISTS plan (
  id BIGINT PRIMARY KEY,
  year BIGINT NOT NULL,
  status VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  adopted_at BIGINT,
  cost BIGINT NOT NULL,
  seats BIGINT NOT NULL,
  filled BIGINT NOT NULL,
  bound_cost BIGINT NOT NULL,
  bound_filled BIGINT NOT NULL,
  verified BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Who takes which seat in a plan.
CREATE TABLE IF NOT EXISTS plan_seat (
  plan BIGINT NOT NULL,
  need BIGINT NOT NULL,
  person BIGINT NOT NULL,
  score BIGINT NOT NULL,
  PRIMARY KEY (plan, need, person)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS plan_seat_by_person ON plan_seat (person);

-- Why seats of a need stay empty.
CREATE TABLE IF NOT EXISTS plan_shortage (
  plan BIGINT NOT NULL,
  need BIGINT NOT NULL,
  unfilled BIGINT NOT NULL,
  cause VARCHAR(64) NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (plan, need)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Bearer tokens; only their digest is kept.
CREATE TABLE IF NOT EXISTS access_token (
  id BIGINT PRIMARY KEY,
  digest BINARY(32) NOT NULL,
  label TEXT NOT NULL,
  role VARCHAR(64) NOT NULL,
  region VARCHAR(64) NOT NULL,
  expires_on VARCHAR(10) NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS access_token_by_digest ON access_token (digest);

-- Facts about this register, such as the check value of its master key.
CREATE TABLE IF NOT EXISTS setting (
  name VARCHAR(64) PRIMARY KEY,
  value TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
