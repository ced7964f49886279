-- Experts look after themselves: whose a token is.

ALTER TABLE access_token ADD COLUMN IF NOT EXISTS person BIGINT;
