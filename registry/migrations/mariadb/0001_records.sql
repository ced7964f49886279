-- First schema: the records of first light. Times are microseconds UTC, money is fen, dates are
-- YYYY, YYYY-MM or YYYY-MM-DD. `scope` is the region that decides who sees a row.

-- People: talent and experts are roles on one row. id_no is sealed under data_key and found by id_no_index.
CREATE TABLE IF NOT EXISTS person (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  expert_no VARCHAR(190),
  name TEXT,
  sex VARCHAR(64),
  birth VARCHAR(10),
  nationality VARCHAR(64),
  id_type VARCHAR(64),
  data_key VARBINARY(512),
  id_no_sealed VARBINARY(512),
  id_no_index BINARY(32),
  id_no_mask TEXT,
  ethnic VARCHAR(64),
  native_place TEXT,
  political VARCHAR(64),
  education VARCHAR(64),
  degree VARCHAR(64),
  school TEXT,
  major TEXT,
  work_start VARCHAR(10),
  employer TEXT,
  employer_uscc VARCHAR(64),
  post TEXT,
  title TEXT,
  title_grade VARCHAR(64),
  skill_grade VARCHAR(64),
  talent_category VARCHAR(64),
  industry VARCHAR(64),
  industry_text TEXT,
  discipline VARCHAR(64),
  discipline_text TEXT,
  region VARCHAR(64),
  region_text TEXT,
  research TEXT,
  languages TEXT,
  honours TEXT,
  service_modes TEXT,
  service_regions TEXT,
  days_per_year BIGINT,
  phone VARCHAR(190),
  email TEXT,
  note TEXT,
  roles TEXT,
  status VARCHAR(64),
  name_folded VARCHAR(190)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS person_by_natural_key ON person (natural_key);
CREATE UNIQUE INDEX IF NOT EXISTS person_by_id_no_index ON person (id_no_index);
CREATE INDEX IF NOT EXISTS person_by_scope ON person (scope, id);
CREATE INDEX IF NOT EXISTS person_by_batch ON person (batch);
CREATE INDEX IF NOT EXISTS person_by_name_folded ON person (name_folded);
CREATE INDEX IF NOT EXISTS person_by_employer_uscc ON person (employer_uscc);
CREATE INDEX IF NOT EXISTS person_by_phone ON person (phone);

-- Offices, employers, laboratories, parks, teams.
CREATE TABLE IF NOT EXISTS organization (
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
  uscc VARCHAR(64),
  kind VARCHAR(64),
  level TEXT,
  region VARCHAR(64),
  industry VARCHAR(64),
  parent TEXT,
  contact TEXT,
  phone VARCHAR(190),
  note TEXT,
  name_folded VARCHAR(190)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS organization_by_natural_key ON organization (natural_key);
CREATE INDEX IF NOT EXISTS organization_by_scope ON organization (scope, id);
CREATE INDEX IF NOT EXISTS organization_by_batch ON organization (batch);
CREATE INDEX IF NOT EXISTS organization_by_name_folded ON organization (name_folded);

-- Programmes as data; the 81 of the plan are seeded from registry/codes/programs.csv.
CREATE TABLE IF NOT EXISTS program (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  code VARCHAR(190),
  seed_item TEXT,
  name_zh TEXT,
  name_en TEXT,
  kind VARCHAR(64),
  parent VARCHAR(64),
  rule VARCHAR(64),
  rule2 VARCHAR(64),
  counted VARCHAR(64),
  unit VARCHAR(64),
  coverage TEXT,
  lead_office TEXT,
  exit_rule TEXT,
  import_columns TEXT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS program_by_natural_key ON program (natural_key);
CREATE INDEX IF NOT EXISTS program_by_scope ON program (scope, id);
CREATE INDEX IF NOT EXISTS program_by_batch ON program (batch);

-- Rounds (批次) of programmes.
CREATE TABLE IF NOT EXISTS program_round (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  program VARCHAR(64),
  label TEXT,
  ordinal BIGINT,
  start VARCHAR(10),
  `end` VARCHAR(10),
  place TEXT,
  region VARCHAR(64),
  industry VARCHAR(64),
  host TEXT,
  capacity BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS program_round_by_natural_key ON program_round (natural_key);
CREATE INDEX IF NOT EXISTS program_round_by_scope ON program_round (scope, id);
CREATE INDEX IF NOT EXISTS program_round_by_batch ON program_round (batch);
CREATE INDEX IF NOT EXISTS program_round_by_program ON program_round (program);

-- Planned numbers by programme, year and region.
CREATE TABLE IF NOT EXISTS target (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  program VARCHAR(64),
  year BIGINT,
  region VARCHAR(64),
  dimension TEXT,
  metric TEXT,
  value BIGINT,
  source_doc TEXT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS target_by_natural_key ON target (natural_key);
CREATE INDEX IF NOT EXISTS target_by_scope ON target (scope, id);
CREATE INDEX IF NOT EXISTS target_by_batch ON target (batch);
CREATE INDEX IF NOT EXISTS target_by_program ON target (program);

-- A subject (person, organization, project, region) in a programme.
CREATE TABLE IF NOT EXISTS participation (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  office VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  natural_key VARCHAR(700),
  extra TEXT,
  program VARCHAR(64),
  round TEXT,
  subject_type VARCHAR(64),
  subject VARCHAR(64),
  status VARCHAR(64),
  selected_on VARCHAR(10),
  host TEXT,
  region VARCHAR(64),
  tier TEXT,
  start VARCHAR(10),
  `end` VARCHAR(10),
  exit_on VARCHAR(10),
  exit_reason VARCHAR(64),
  note TEXT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS participation_by_natural_key ON participation (natural_key);
CREATE INDEX IF NOT EXISTS participation_by_scope ON participation (scope, id);
CREATE INDEX IF NOT EXISTS participation_by_batch ON participation (batch);
CREATE INDEX IF NOT EXISTS participation_by_program ON participation (program);
CREATE INDEX IF NOT EXISTS participation_by_subject_type_subject ON participation (subject_type, subject);

-- What places and firms ask experts for.
CREATE TABLE IF NOT EXISTS need (
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
  requester TEXT,
  requester_uscc VARCHAR(64),
  name TEXT,
  kind TEXT,
  region VARCHAR(64),
  region_text TEXT,
  industry VARCHAR(64),
  industry_text TEXT,
  discipline VARCHAR(64),
  discipline_text TEXT,
  description TEXT,
  title_floor VARCHAR(64),
  education_floor VARCHAR(64),
  headcount BIGINT,
  service_mode VARCHAR(64),
  days BIGINT,
  languages TEXT,
  open_date VARCHAR(10),
  close_date VARCHAR(10),
  budget_fen BIGINT,
  program VARCHAR(64),
  rural_category TEXT,
  contact TEXT,
  phone VARCHAR(190),
  status VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS need_by_natural_key ON need (natural_key);
CREATE INDEX IF NOT EXISTS need_by_scope ON need (scope, id);
CREATE INDEX IF NOT EXISTS need_by_batch ON need (batch);
CREATE INDEX IF NOT EXISTS need_by_status ON need (status);

-- One expert for one need.
CREATE TABLE IF NOT EXISTS engagement (
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
  need BIGINT,
  person BIGINT,
  enrolled_on VARCHAR(10),
  channel TEXT,
  status VARCHAR(64),
  start VARCHAR(10),
  `end` VARCHAR(10),
  satisfaction VARCHAR(64),
  decline_reason TEXT,
  region VARCHAR(64)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE UNIQUE INDEX IF NOT EXISTS engagement_by_natural_key ON engagement (natural_key);
CREATE INDEX IF NOT EXISTS engagement_by_scope ON engagement (scope, id);
CREATE INDEX IF NOT EXISTS engagement_by_batch ON engagement (batch);
CREATE INDEX IF NOT EXISTS engagement_by_need ON engagement (need);
CREATE INDEX IF NOT EXISTS engagement_by_person ON engagement (person);
