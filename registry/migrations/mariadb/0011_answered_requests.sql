-- What a request that carries a key was answered, so that sending it again changes nothing twice.

CREATE TABLE IF NOT EXISTS answered_request (
  digest BINARY(32) PRIMARY KEY,
  request BINARY(32) NOT NULL,
  begun_at BIGINT NOT NULL,
  answer_sealed MEDIUMBLOB
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS answered_request_by_time ON answered_request (begun_at);
