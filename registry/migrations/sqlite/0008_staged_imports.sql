-- Imports are staged before they are applied, so that one that was cut off goes on.

-- Wrapped key of what is staged; NULL: nothing is.
ALTER TABLE import_batch ADD COLUMN stage_key BLOB;

-- Checked rows of a batch that is not applied yet, some hundred in one sealed piece.
CREATE TABLE IF NOT EXISTS import_chunk (
  batch INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (batch, chunk)
) STRICT;
