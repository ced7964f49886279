-- Who signs in: accounts, their sessions, second factors, and what guessing is slowed by.

CREATE TABLE IF NOT EXISTS account (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  name VARCHAR(190) NOT NULL UNIQUE,
  password TEXT NOT NULL,
  role VARCHAR(64) NOT NULL,
  region VARCHAR(64) NOT NULL,
  person BIGINT,
  totp_sealed VARBINARY(255),
  totp_confirmed BIGINT NOT NULL,
  totp_step BIGINT NOT NULL,
  disabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- One-time codes for who lost the second factor, by digest.
CREATE TABLE IF NOT EXISTS recovery_code (
  digest BINARY(32) PRIMARY KEY,
  account BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS recovery_code_by_account ON recovery_code (account);

CREATE TABLE IF NOT EXISTS session (
  digest BINARY(32) PRIMARY KEY,
  account BIGINT NOT NULL,
  strong BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS session_by_account ON session (account);

-- Failed sign-ins, by keyed digest of what they have in common.
CREATE TABLE IF NOT EXISTS sign_in_failure (
  digest BINARY(32) PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Networks that an account signed in from: guessing elsewhere does not lock these out.
CREATE TABLE IF NOT EXISTS known_network (
  account BIGINT NOT NULL,
  network BINARY(32) NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (account, network)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
