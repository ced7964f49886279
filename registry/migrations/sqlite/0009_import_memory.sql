-- What imports remember: what operators said headers mean, and which batch goes on with which.

CREATE TABLE IF NOT EXISTS column_mapping (
  office TEXT NOT NULL,
  kind TEXT NOT NULL,
  header TEXT NOT NULL,
  target TEXT NOT NULL,
  actor TEXT NOT NULL,
  learned_at INTEGER NOT NULL,
  PRIMARY KEY (office, kind, header)
) STRICT, WITHOUT ROWID;

-- A batch of mended rows and the batch (0: none) and file that they were refused in.
CREATE TABLE IF NOT EXISTS batch_continuation (
  batch INTEGER PRIMARY KEY,
  continues INTEGER NOT NULL,
  file_digest TEXT NOT NULL
) STRICT;
