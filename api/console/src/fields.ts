// Which fields a form and a page show, in which groups. Labels are words (`field.NAME`).
export type FieldKind = 'text' | 'long' | 'code' | 'codes' | 'list' | 'date' | 'number' | 'yuan'

export interface FieldDef {
  name: string
  kind: FieldKind
  scheme?: string
  required?: boolean
  /** Its label where `field.NAME` says too little. */
  words?: string
}

export interface FieldGroup {
  words: string
  fields: FieldDef[]
  /** Shown only when this holds of the draft. */
  when?: (draft: Record<string, unknown>) => boolean
}

export type Draft = Record<string, unknown>

const text = (name: string, required = false): FieldDef => ({ name, kind: 'text', required })
const long = (name: string): FieldDef => ({ name, kind: 'long' })
const date = (name: string): FieldDef => ({ name, kind: 'date' })
const list = (name: string): FieldDef => ({ name, kind: 'list' })
const number = (name: string, required = false): FieldDef => ({ name, kind: 'number', required })
const code = (name: string, scheme = name): FieldDef => ({ name, kind: 'code', scheme })
const codes = (name: string, scheme: string): FieldDef => ({ name, kind: 'codes', scheme })

const isExpert = (draft: Draft): boolean => (draft.roles as string[] | undefined)?.includes('expert') ?? false

export const kPersonGroups: FieldGroup[] = [
  {
    words: 'group.identity',
    fields: [
      text('name', true),
      code('id_type'),
      text('id_no'),
      code('sex'),
      date('birth'),
      code('nationality', 'country'),
      code('region'),
      codes('roles', 'person_role'),
    ],
  },
  {
    words: 'group.work',
    fields: [
      text('employer'),
      text('employer_uscc'),
      text('post'),
      text('title'),
      code('title_grade'),
      code('skill_grade'),
      code('talent_category'),
      code('industry'),
      code('discipline'),
      date('work_start'),
    ],
  },
  {
    words: 'group.expert',
    when: isExpert,
    fields: [
      text('expert_no'),
      list('research'),
      codes('languages', 'language'),
      codes('service_modes', 'service_mode'),
      codes('service_regions', 'region'),
      number('days_per_year'),
    ],
  },
  {
    words: 'group.study',
    fields: [code('education'), code('degree'), text('school'), text('major')],
  },
  {
    words: 'group.contact',
    fields: [text('phone'), text('email')],
  },
  {
    words: 'group.more',
    fields: [code('ethnic'), code('political'), text('native_place'), list('honours'), long('note')],
  },
]

export const kNeedGroups: FieldGroup[] = [
  {
    words: 'group.what',
    fields: [
      { ...text('name', true), words: 'need.name' },
      text('requester', true),
      code('region'),
      number('headcount', true),
      code('discipline'),
      code('industry'),
      long('description'),
    ],
  },
  {
    words: 'group.terms',
    fields: [
      code('service_mode'),
      number('days'),
      date('open_date'),
      date('close_date'),
      code('title_floor'),
      code('education_floor'),
      codes('languages', 'language'),
      { ...text('kind'), words: 'need.kind' },
      text('program'),
      text('rural_category'),
      { name: 'budget_fen', kind: 'yuan' },
    ],
  },
  {
    words: 'group.reach',
    fields: [text('number', true), text('requester_uscc'), text('contact'), text('phone')],
  },
]

export const kProgramFields: FieldDef[] = [
  text('code'),
  text('seed_item'),
  text('name_zh'),
  text('name_en'),
  code('kind', 'program_kind'),
  text('parent'),
  code('rule', 'coverage_rule'),
  code('rule2', 'coverage_rule'),
  code('counted', 'counted'),
  code('unit', 'coverage_unit'),
  text('coverage'),
  text('lead_office'),
  text('exit_rule'),
]

export const fieldsOf = (groups: FieldGroup[]): FieldDef[] => groups.flatMap((group) => group.fields)

/** Fields that a step of a lifecycle may ask for. */
export const kStepFields: Record<string, FieldDef> = {
  decline_reason: text('decline_reason'),
  end: date('end'),
  exit_on: date('exit_on'),
  exit_reason: code('exit_reason'),
  evidence: text('evidence'),
  satisfaction: code('satisfaction'),
}

/** What changed, as a merge patch: null clears. */
export function patchOf(before: Draft, after: Draft): Draft {
  const patch: Draft = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const now = isBlank(after[name]) ? null : after[name]
    const then = isBlank(before[name]) ? null : before[name]
    if (JSON.stringify(now) !== JSON.stringify(then)) patch[name] = now
  }
  return patch
}

export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

export const withoutBlanks = (draft: Draft): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => !isBlank(value)))
