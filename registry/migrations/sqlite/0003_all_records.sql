-- Projects, money, assessments, links, documents with their files, works.

-- Funded or tracked undertakings; milestones are lines of one column.
CREATE TABLE IF NOT EXISTS project (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  number TEXT,
  name TEXT,
  kind TEXT,
  program TEXT,
  host TEXT,
  host_uscc TEXT,
  region TEXT,
  region_text TEXT,
  industry TEXT,
  industry_text TEXT,
  discipline TEXT,
  discipline_text TEXT,
  lead_name TEXT,
  `lead` INTEGER,
  start TEXT,
  `end` TEXT,
  budget_fen INTEGER,
  milestones TEXT,
  countries TEXT,
  summary TEXT,
  status TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS project_by_natural_key ON project (natural_key);
CREATE INDEX IF NOT EXISTS project_by_scope ON project (scope, id);
CREATE INDEX IF NOT EXISTS project_by_batch ON project (batch);
CREATE INDEX IF NOT EXISTS project_by_program ON project (program);

-- Money planned, sent down, paid out, given back or awarded.
CREATE TABLE IF NOT EXISTS fund_entry (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  program TEXT,
  round TEXT,
  region TEXT,
  payee TEXT,
  type TEXT,
  amount_fen INTEGER,
  `on` TEXT,
  voucher TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS fund_entry_by_natural_key ON fund_entry (natural_key);
CREATE INDEX IF NOT EXISTS fund_entry_by_scope ON fund_entry (scope, id);
CREATE INDEX IF NOT EXISTS fund_entry_by_batch ON fund_entry (batch);
CREATE INDEX IF NOT EXISTS fund_entry_by_program ON fund_entry (program);

-- Scores and grades of parties by period.
CREATE TABLE IF NOT EXISTS assessment (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  subject_type TEXT,
  subject TEXT,
  scheme TEXT,
  period TEXT,
  score_hundredths INTEGER,
  grade TEXT,
  `on` TEXT,
  assessor TEXT,
  program TEXT,
  region TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS assessment_by_natural_key ON assessment (natural_key);
CREATE INDEX IF NOT EXISTS assessment_by_scope ON assessment (scope, id);
CREATE INDEX IF NOT EXISTS assessment_by_batch ON assessment (batch);
CREATE INDEX IF NOT EXISTS assessment_by_program ON assessment (program);
CREATE INDEX IF NOT EXISTS assessment_by_subject_type_subject ON assessment (subject_type, subject);

-- Policy texts, decisions, evidence; their files are rows of document_file.
CREATE TABLE IF NOT EXISTS document (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  name TEXT,
  number TEXT,
  issuer TEXT,
  issued_on TEXT,
  valid_from TEXT,
  valid_to TEXT,
  level TEXT,
  region TEXT,
  program TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS document_by_natural_key ON document (natural_key);
CREATE INDEX IF NOT EXISTS document_by_scope ON document (scope, id);
CREATE INDEX IF NOT EXISTS document_by_batch ON document (batch);
CREATE INDEX IF NOT EXISTS document_by_program ON document (program);

-- Dated relations between two parties.
CREATE TABLE IF NOT EXISTS link (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  from_type TEXT,
  `from` TEXT,
  relation TEXT,
  to_type TEXT,
  `to` TEXT,
  start TEXT,
  `end` TEXT,
  note TEXT,
  program TEXT,
  region TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS link_by_natural_key ON link (natural_key);
CREATE INDEX IF NOT EXISTS link_by_scope ON link (scope, id);
CREATE INDEX IF NOT EXISTS link_by_batch ON link (batch);
CREATE INDEX IF NOT EXISTS link_by_from_type_from ON link (from_type, `from`);
CREATE INDEX IF NOT EXISTS link_by_to_type_to ON link (to_type, `to`);

-- Papers, patents and reports of experts.
CREATE TABLE IF NOT EXISTS work (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  person INTEGER,
  title TEXT,
  summary TEXT,
  year INTEGER,
  kind TEXT,
  authors TEXT,
  region TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS work_by_natural_key ON work (natural_key);
CREATE INDEX IF NOT EXISTS work_by_scope ON work (scope, id);
CREATE INDEX IF NOT EXISTS work_by_batch ON work (batch);
CREATE INDEX IF NOT EXISTS work_by_person ON work (person);

-- Files of documents, appended only: the newest one counts. The bytes lie in the data folder.
CREATE TABLE IF NOT EXISTS document_file (
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL,
  digest TEXT NOT NULL,
  byte_count INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS document_file_by_document ON document_file (document, id);

-- The document that a decision about a participation rests on.
ALTER TABLE participation ADD COLUMN evidence INTEGER;

-- Terms that offices add to code tables.
CREATE TABLE IF NOT EXISTS office_term (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  scheme TEXT,
  code TEXT,
  name TEXT,
  name_en TEXT,
  parent TEXT,
  aliases TEXT,
  valid_from TEXT,
  valid_to TEXT,
  flags TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS office_term_by_natural_key ON office_term (natural_key);
CREATE INDEX IF NOT EXISTS office_term_by_scope ON office_term (scope, id);
CREATE INDEX IF NOT EXISTS office_term_by_batch ON office_term (batch);
