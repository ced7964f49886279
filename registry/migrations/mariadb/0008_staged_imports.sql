-- Imports are staged before they are applied, so that one that was cut off goes on.

-- Wrapped key of what is staged; NULL: nothing is.
ALTER TABLE import_batch ADD COLUMN IF NOT EXISTS stage_key VARBINARY(512);

-- Checked rows of a batch that is not applied yet, some hundred in one sealed piece.
CREATE TABLE IF NOT EXISTS import_chunk (
  batch BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (batch, chunk)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
