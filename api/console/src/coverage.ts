// What all views of coverage say of a figure.
import type { CoverageRow } from './api/client'
import { number, percent, yuan } from './format'

/** Why a figure has no share; others are shown as the server writes them. */
const kNotes = new Set([
  'no_target_set',
  'no_units',
  'nothing_due',
  'nobody_eligible',
  'no_demand',
  'no_budget_set',
  'several_metrics',
])

type Translate = (key: string) => string

/** The value in words: a share, or why there is none. */
export function valueText(row: CoverageRow, t: Translate): string {
  if (row.value !== null) return percent(row.value)
  if (!row.note) return '—'
  return kNotes.has(row.note) ? t(`note.${row.note}`) : row.note
}

/** A numerator or denominator: money for rule F, else a count. */
export const amount = (row: CoverageRow, value: number): string =>
  row.rule === 'F' ? yuan(value) : number(value)

/** The people behind a figure, where the rule counts people. */
export function peopleOf(row: CoverageRow): string {
  if (row.rule !== 'Q' && row.rule !== 'E') return ''
  const query = new URLSearchParams({ program: row.program })
  if (row.region && row.region !== 'unknown') query.set('region', row.region)
  return `/people?${query}`
}
