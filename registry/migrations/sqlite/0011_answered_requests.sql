-- What a request that carries a key was answered, so that sending it again changes nothing twice.

CREATE TABLE IF NOT EXISTS answered_request (
  digest BLOB PRIMARY KEY,
  request BLOB NOT NULL,
  begun_at INTEGER NOT NULL,
  answer_sealed BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answered_request_by_time ON answered_request (begun_at);
