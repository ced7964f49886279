-- What surrounds the records: status log, audit chain, import batches, plans, tokens, settings.

-- Every status a record had, appended only; funnels and coverage count from it.
CREATE TABLE IF NOT EXISTS status_log (
  id INTEGER PRIMARY KEY,
  record_type TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  on_date TEXT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS status_log_by_record_type_record_id ON status_log (record_type, record_id);

-- Head of each hash chain: one per server process, so that processes never wait for each other.
CREATE TABLE IF NOT EXISTS audit_chain (
  chain INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

-- Keyed hash chain of every change and every read of a sealed field. No personal data.
CREATE TABLE IF NOT EXISTS audit_event (
  id INTEGER PRIMARY KEY,
  chain INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  action TEXT NOT NULL,
  record_type TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS audit_event_by_chain_seq ON audit_event (chain, seq);
CREATE INDEX IF NOT EXISTS audit_event_by_record_type_record_id ON audit_event (record_type, record_id);

-- One imported file.
CREATE TABLE IF NOT EXISTS import_batch (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_digest TEXT NOT NULL,
  office TEXT NOT NULL,
  actor TEXT NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  added INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  same INTEGER NOT NULL,
  duplicate INTEGER NOT NULL,
  review INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS import_batch_by_file_digest ON import_batch (file_digest);

-- What a batch did to each record, with what undoing it needs.
CREATE TABLE IF NOT EXISTS import_row (
  batch INTEGER NOT NULL,
  row_no INTEGER NOT NULL,
  operation TEXT NOT NULL,
  record_type TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  version_after INTEGER NOT NULL,
  before_image TEXT,
  PRIMARY KEY (batch, row_no, record_type, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS import_row_by_record_type_record_id ON import_row (record_type, record_id);

-- One computed assignment for the open needs.
CREATE TABLE IF NOT EXISTS plan (
  id INTEGER PRIMARY KEY,
  year INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  adopted_at INTEGER,
  cost INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  filled INTEGER NOT NULL,
  bound_cost INTEGER NOT NULL,
  bound_filled INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  office TEXT NOT NULL
) STRICT;

-- Who takes which seat in a plan.
CREATE TABLE IF NOT EXISTS plan_seat (
  plan INTEGER NOT NULL,
  need INTEGER NOT NULL,
  person INTEGER NOT NULL,
  score INTEGER NOT NULL,
  PRIMARY KEY (plan, need, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS plan_seat_by_person ON plan_seat (person);

-- Why seats of a need stay empty.
CREATE TABLE IF NOT EXISTS plan_shortage (
  plan INTEGER NOT NULL,
  need INTEGER NOT NULL,
  unfilled INTEGER NOT NULL,
  cause TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (plan, need)
) STRICT, WITHOUT ROWID;

-- Bearer tokens; only their digest is kept.
CREATE TABLE IF NOT EXISTS access_token (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,
  label TEXT NOT NULL,
  role TEXT NOT NULL,
  region TEXT NOT NULL,
  expires_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS access_token_by_digest ON access_token (digest);

-- Facts about this register, such as the check value of its master key.
CREATE TABLE IF NOT EXISTS setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
