-- First schema: the records of first light. Times are microseconds UTC, money is fen, dates are
-- YYYY, YYYY-MM or YYYY-MM-DD. `scope` is the region that decides who sees a row.

-- People: talent and experts are roles on one row. id_no is sealed under data_key and found by id_no_index.
CREATE TABLE IF NOT EXISTS person (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  expert_no TEXT,
  name TEXT,
  sex TEXT,
  birth TEXT,
  nationality TEXT,
  id_type TEXT,
  data_key BLOB,
  id_no_sealed BLOB,
  id_no_index BLOB,
  id_no_mask TEXT,
  ethnic TEXT,
  native_place TEXT,
  political TEXT,
  education TEXT,
  degree TEXT,
  school TEXT,
  major TEXT,
  work_start TEXT,
  employer TEXT,
  employer_uscc TEXT,
  post TEXT,
  title TEXT,
  title_grade TEXT,
  skill_grade TEXT,
  talent_category TEXT,
  industry TEXT,
  industry_text TEXT,
  discipline TEXT,
  discipline_text TEXT,
  region TEXT,
  region_text TEXT,
  research TEXT,
  languages TEXT,
  honours TEXT,
  service_modes TEXT,
  service_regions TEXT,
  days_per_year INTEGER,
  phone TEXT,
  email TEXT,
  note TEXT,
  roles TEXT,
  status TEXT,
  name_folded TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS person_by_natural_key ON person (natural_key);
CREATE UNIQUE INDEX IF NOT EXISTS person_by_id_no_index ON person (id_no_index);
CREATE INDEX IF NOT EXISTS person_by_scope ON person (scope, id);
CREATE INDEX IF NOT EXISTS person_by_batch ON person (batch);
CREATE INDEX IF NOT EXISTS person_by_name_folded ON person (name_folded);
CREATE INDEX IF NOT EXISTS person_by_employer_uscc ON person (employer_uscc);
CREATE INDEX IF NOT EXISTS person_by_phone ON person (phone);

-- Offices, employers, laboratories, parks, teams.
CREATE TABLE IF NOT EXISTS organization (
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
  uscc TEXT,
  kind TEXT,
  level TEXT,
  region TEXT,
  industry TEXT,
  parent TEXT,
  contact TEXT,
  phone TEXT,
  note TEXT,
  name_folded TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS organization_by_natural_key ON organization (natural_key);
CREATE INDEX IF NOT EXISTS organization_by_scope ON organization (scope, id);
CREATE INDEX IF NOT EXISTS organization_by_batch ON organization (batch);
CREATE INDEX IF NOT EXISTS organization_by_name_folded ON organization (name_folded);

-- Programmes as data; the 81 of the plan are seeded from registry/codes/programs.csv.
CREATE TABLE IF NOT EXISTS program (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  office TEXT NOT NULL,
  scope TEXT NOT NULL,
  natural_key TEXT,
  extra TEXT,
  code TEXT,
  seed_item TEXT,
  name_zh TEXT,
  name_en TEXT,
  kind TEXT,
  parent TEXT,
  rule TEXT,
  rule2 TEXT,
  counted TEXT,
  unit TEXT,
  coverage TEXT,
  lead_office TEXT,
  exit_rule TEXT,
  import_columns TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS program_by_natural_key ON program (natural_key);
CREATE INDEX IF NOT EXISTS program_by_scope ON program (scope, id);
CREATE INDEX IF NOT EXISTS program_by_batch ON program (batch);

-- Rounds (批次) of programmes.
CREATE TABLE IF NOT EXISTS program_round (
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
  label TEXT,
  ordinal INTEGER,
  start TEXT,
  `end` TEXT,
  place TEXT,
  region TEXT,
  industry TEXT,
  host TEXT,
  capacity INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS program_round_by_natural_key ON program_round (natural_key);
CREATE INDEX IF NOT EXISTS program_round_by_scope ON program_round (scope, id);
CREATE INDEX IF NOT EXISTS program_round_by_batch ON program_round (batch);
CREATE INDEX IF NOT EXISTS program_round_by_program ON program_round (program);

-- Planned numbers by programme, year and region.
CREATE TABLE IF NOT EXISTS target (
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
  year INTEGER,
  region TEXT,
  dimension TEXT,
  metric TEXT,
  value INTEGER,
  source_doc TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS target_by_natural_key ON target (natural_key);
CREATE INDEX IF NOT EXISTS target_by_scope ON target (scope, id);
CREATE INDEX IF NOT EXISTS target_by_batch ON target (batch);
CREATE INDEX IF NOT EXISTS target_by_program ON target (program);

-- A subject (person, organization, project, region) in a programme.
CREATE TABLE IF NOT EXISTS participation (
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
  subject_type TEXT,
  subject TEXT,
  status TEXT,
  selected_on TEXT,
  host TEXT,
  region TEXT,
  tier TEXT,
  start TEXT,
  `end` TEXT,
  exit_on TEXT,
  exit_reason TEXT,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS participation_by_natural_key ON participation (natural_key);
CREATE INDEX IF NOT EXISTS participation_by_scope ON participation (scope, id);
CREATE INDEX IF NOT EXISTS participation_by_batch ON participation (batch);
CREATE INDEX IF NOT EXISTS participation_by_program ON participation (program);
CREATE INDEX IF NOT EXISTS participation_by_subject_type_subject ON participation (subject_type, subject);

-- What places and firms ask experts for.
CREATE TABLE IF NOT EXISTS need (
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
  requester TEXT,
  requester_uscc TEXT,
  name TEXT,
  kind TEXT,
  region TEXT,
  region_text TEXT,
  industry TEXT,
  industry_text TEXT,
  discipline TEXT,
  discipline_text TEXT,
  description TEXT,
  title_floor TEXT,
  education_floor TEXT,
  headcount INTEGER,
  service_mode TEXT,
  days INTEGER,
  languages TEXT,
  open_date TEXT,
  close_date TEXT,
  budget_fen INTEGER,
  program TEXT,
  rural_category TEXT,
  contact TEXT,
  phone TEXT,
  status TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS need_by_natural_key ON need (natural_key);
CREATE INDEX IF NOT EXISTS need_by_scope ON need (scope, id);
CREATE INDEX IF NOT EXISTS need_by_batch ON need (batch);
CREATE INDEX IF NOT EXISTS need_by_status ON need (status);

-- One expert for one need.
CREATE TABLE IF NOT EXISTS engagement (
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
  need INTEGER,
  person INTEGER,
  enrolled_on TEXT,
  channel TEXT,
  status TEXT,
  start TEXT,
  `end` TEXT,
  satisfaction TEXT,
  decline_reason TEXT,
  region TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS engagement_by_natural_key ON engagement (natural_key);
CREATE INDEX IF NOT EXISTS engagement_by_scope ON engagement (scope, id);
CREATE INDEX IF NOT EXISTS engagement_by_batch ON engagement (batch);
CREATE INDEX IF NOT EXISTS engagement_by_need ON engagement (need);
CREATE INDEX IF NOT EXISTS engagement_by_person ON engagement (person);
