-- Who signs in: accounts, their sessions, second factors, and what guessing is slowed by.

CREATE TABLE IF NOT EXISTS account (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  role TEXT NOT NULL,
  region TEXT NOT NULL,
  person INTEGER,
  totp_sealed BLOB,
  totp_confirmed INTEGER NOT NULL,
  totp_step INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;

-- One-time codes for who lost the second factor, by digest.
CREATE TABLE IF NOT EXISTS recovery_code (
  digest BLOB PRIMARY KEY,
  account INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recovery_code_by_account ON recovery_code (account);

CREATE TABLE IF NOT EXISTS session (
  digest BLOB PRIMARY KEY,
  account INTEGER NOT NULL,
  strong INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_by_account ON session (account);

-- Failed sign-ins, by keyed digest of what they have in common.
CREATE TABLE IF NOT EXISTS sign_in_failure (
  digest BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Networks that an account signed in from: guessing elsewhere does not lock these out.
CREATE TABLE IF NOT EXISTS known_network (
  account INTEGER NOT NULL,
  network BLOB NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;
