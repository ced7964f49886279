-- The change feed, and the words by which people search.

-- Every version that a record got, written with it; `seq` is given after the commit, without gaps.
CREATE TABLE IF NOT EXISTS change_feed (
  record_type VARCHAR(64) NOT NULL,
  record_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seq BIGINT,
  PRIMARY KEY (record_type, record_id, version)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS change_feed_by_seq_version ON change_feed (seq, version);

-- The last number given; one row.
CREATE TABLE IF NOT EXISTS feed_counter (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT IGNORE INTO feed_counter (id, seq) VALUES (1, 0);

-- What a record is searched by, folded (registry/domain/search_text.h), and its tokens.
CREATE TABLE IF NOT EXISTS search_text (
  record_id BIGINT PRIMARY KEY,
  searched TEXT NOT NULL,
  tokens MEDIUMTEXT NOT NULL,
  FULLTEXT KEY search_text_by_tokens (tokens)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
