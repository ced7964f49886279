// A roster on its way in: the file stays in the browser, each look at it is one request.
import { api, must, Problem, type ImportReport } from './api/client'
import { save } from './download'
import { language } from './i18n'

export const kKinds = [
  'persons',
  'experts',
  'participations',
  'needs',
  'engagements',
  'organizations',
  'projects',
  'works',
  'programs',
  'rounds',
  'targets',
  'funds',
  'assessments',
  'documents',
  'links',
  'terms',
] as const
export const kModes = ['upsert', 'create', 'update'] as const

export interface ImportChoice {
  kind: string
  program: string
  mode: (typeof kModes)[number]
  allOrNothing: boolean
  /** Corrections: header as written -> column; '' leaves it out. */
  maps: Record<string, string>
}

const queryOf = (file: File, choice: ImportChoice) => ({
  kind: choice.kind,
  program: choice.program || undefined,
  mode: choice.mode,
  all_or_nothing: choice.allOrNothing,
  file_name: file.name,
  map: Object.entries(choice.maps).map(([header, column]) => `${header}=${column}`),
})

function send(file: File, choice: ImportChoice, more: { dry_run?: boolean }): Promise<ImportReport> {
  const call = api.POST('/api/v1/imports', {
    params: { query: { ...queryOf(file, choice), ...more } },
    body: file as unknown as string,
    bodySerializer: (body) => body,
    headers: { 'Content-Type': 'application/octet-stream' },
  })
  return must(call) as Promise<ImportReport>
}

/** What the file would do; nothing is written. */
export const lookAt = (file: File, choice: ImportChoice) => send(file, choice, { dry_run: true })
/** Takes the rows that can be taken. */
export const commit = (file: File, choice: ImportChoice) => send(file, choice, { dry_run: false })

/** Saves the rows that need work, in the layout of the file, to mend and send again. */
export async function saveFailedRows(file: File, choice: ImportChoice): Promise<void> {
  const { data, response } = await api.POST('/api/v1/imports', {
    params: { query: { ...queryOf(file, choice), workbook: true } },
    body: file as unknown as string,
    bodySerializer: (body) => body,
    headers: { 'Content-Type': 'application/octet-stream', 'Accept-Language': language() },
    parseAs: 'blob',
  })
  if (!response.ok) throw new Problem(response.status, 'import.workbook', '')
  save(`${file.name.replace(/\.\w+$/, '')}-failed.xlsx`, data as unknown as Blob)
}
