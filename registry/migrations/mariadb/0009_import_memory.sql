-- What imports remember: what operators said headers mean, and which batch goes on with which.

CREATE TABLE IF NOT EXISTS column_mapping (
  office VARCHAR(64) NOT NULL,
  kind VARCHAR(64) NOT NULL,
  header VARCHAR(190) NOT NULL,
  target VARCHAR(190) NOT NULL,
  actor TEXT NOT NULL,
  learned_at BIGINT NOT NULL,
  PRIMARY KEY (office, kind, header)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- A batch of mended rows and the batch (0: none) and file that they were refused in.
CREATE TABLE IF NOT EXISTS batch_continuation (
  batch BIGINT PRIMARY KEY,
  continues BIGINT NOT NULL,
  file_digest VARCHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
