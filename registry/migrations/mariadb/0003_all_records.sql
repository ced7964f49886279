-- Projects, money, assessments, links, documents with their files, works.

-- Funded or tracked undertakings; milestones are lines of one column.
CREATE TABLE IF NOT EXISTS project (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  number VARCHAR(190),
  name TEXT,
  kind TEXT,
  program VARCHAR(190),
  host TEXT,
  host_uscc VARCHAR(190),
  region VARCHAR(64),
  region_text TEXT,
  industry VARCHAR(64),
  industry_text TEXT,
  discipline VARCHAR(64),
  discipline_text TEXT,
  lead_name TEXT,
  `lead` BIGINT,
  start VARCHAR(10),
  `end` VARCHAR(10),
  budget_fen BIGINT,
  milestones TEXT,
  countries TEXT,
  summary TEXT,
  status VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS project_by_natural_key ON project (natural_key);
CREATE INDEX IF NOT EXISTS project_by_scope ON project (scope, id);
CREATE INDEX IF NOT EXISTS project_by_batch ON project (batch);
CREATE INDEX IF NOT EXISTS project_by_program ON project (program);

-- Money planned, sent down, paid out, given back or awarded.
CREATE TABLE IF NOT EXISTS fund_entry (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  program VARCHAR(190),
  round VARCHAR(190),
  region VARCHAR(64),
  payee TEXT,
  type VARCHAR(64),
  amount_fen BIGINT,
  `on` VARCHAR(10),
  voucher VARCHAR(190)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS fund_entry_by_natural_key ON fund_entry (natural_key);
CREATE INDEX IF NOT EXISTS fund_entry_by_scope ON fund_entry (scope, id);
CREATE INDEX IF NOT EXISTS fund_entry_by_batch ON fund_entry (batch);
CREATE INDEX IF NOT EXISTS fund_entry_by_program ON fund_entry (program);

-- Scores and grades of parties by period.
CREATE TABLE IF NOT EXISTS assessment (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  subject_type VARCHAR(64),
  subject VARCHAR(190),
  scheme VARCHAR(190),
  period VARCHAR(190),
  score_hundredths BIGINT,
  grade TEXT,
  `on` VARCHAR(10),
  assessor TEXT,
  program VARCHAR(190),
  region VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS assessment_by_natural_key ON assessment (natural_key);
CREATE INDEX IF NOT EXISTS assessment_by_scope ON assessment (scope, id);
CREATE INDEX IF NOT EXISTS assessment_by_batch ON assessment (batch);
CREATE INDEX IF NOT EXISTS assessment_by_program ON assessment (program);
CREATE INDEX IF NOT EXISTS assessment_by_subject_type_subject ON assessment (subject_type, subject);

-- Policy texts, decisions, evidence; their files are rows of document_file.
CREATE TABLE IF NOT EXISTS document (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  name TEXT,
  number VARCHAR(190),
  issuer TEXT,
  issued_on VARCHAR(10),
  valid_from VARCHAR(10),
  valid_to VARCHAR(10),
  level TEXT,
  region VARCHAR(64),
  program VARCHAR(190)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS document_by_natural_key ON document (natural_key);
CREATE INDEX IF NOT EXISTS document_by_scope ON document (scope, id);
CREATE INDEX IF NOT EXISTS document_by_batch ON document (batch);
CREATE INDEX IF NOT EXISTS document_by_program ON document (program);

-- Dated relations between two parties.
CREATE TABLE IF NOT EXISTS link (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  from_type VARCHAR(64),
  `from` VARCHAR(190),
  relation VARCHAR(64),
  to_type VARCHAR(64),
  `to` VARCHAR(190),
  start VARCHAR(10),
  `end` VARCHAR(10),
  note TEXT,
  program VARCHAR(190),
  region VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS link_by_natural_key ON link (natural_key);
CREATE INDEX IF NOT EXISTS link_by_scope ON link (scope, id);
CREATE INDEX IF NOT EXISTS link_by_batch ON link (batch);
CREATE INDEX IF NOT EXISTS link_by_from_type_from ON link (from_type, `from`);
CREATE INDEX IF NOT EXISTS link_by_to_type_to ON link (to_type, `to`);

-- Papers, patents and reports of experts.
CREATE TABLE IF NOT EXISTS work (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  person BIGINT,
  title TEXT,
  summary TEXT,
  year BIGINT,
  kind TEXT,
  authors TEXT,
  region VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS work_by_natural_key ON work (natural_key);
CREATE INDEX IF NOT EXISTS work_by_scope ON work (scope, id);
CREATE INDEX IF NOT EXISTS work_by_batch ON work (batch);
CREATE INDEX IF NOT EXISTS work_by_person ON work (person);

-- Files of documents, appended only: the newest one counts. The bytes lie in the data folder.
CREATE TABLE IF NOT EXISTS document_file (
  id BIGINT PRIMARY KEY,
  document BIGINT NOT NULL,
  digest VARCHAR(64) NOT NULL,
  byte_count BIGINT NOT NULL,
  media_type VARCHAR(190) NOT NULL,
  at BIGINT NOT NULL,
  actor VARCHAR(190) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS document_file_by_document ON document_file (document, id);

-- The document that a decision about a participation rests on.
ALTER TABLE participation ADD COLUMN IF NOT EXISTS evidence BIGINT;

-- Terms that offices add to code tables.
CREATE TABLE IF NOT EXISTS office_term (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  scheme VARCHAR(190),
  code VARCHAR(190),
  name TEXT,
  name_en TEXT,
  parent VARCHAR(190),
  aliases TEXT,
  valid_from VARCHAR(10),
  valid_to VARCHAR(10),
  flags TEXT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS office_term_by_natural_key ON office_term (natural_key);
CREATE INDEX IF NOT EXISTS office_term_by_scope ON office_term (scope, id);
CREATE INDEX IF NOT EXISTS office_term_by_batch ON office_term (batch);
