-- The change feed, and the words by which people search.

-- Every version that a record got, written with it; `seq` is given after the commit, without gaps.
CREATE TABLE IF NOT EXISTS change_feed (
  record_type TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  seq INTEGER,
  PRIMARY KEY (record_type, record_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS change_feed_by_seq_version ON change_feed (seq, version);

-- The last number given; one row.
CREATE TABLE IF NOT EXISTS feed_counter (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO feed_counter (id, seq) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM feed_counter);

-- What a record is searched by, folded (registry/domain/search_text.h).
CREATE TABLE IF NOT EXISTS search_text (
  record_id INTEGER PRIMARY KEY,
  searched TEXT NOT NULL
) STRICT;

-- Its tokens; rowid is the record's id. Without content of its own: search_text has what a delete needs.
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii');
