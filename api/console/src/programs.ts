// The programmes: some eighty rows, read once, named everywhere.
import { shallowRef } from 'vue'
import { api, must, type Schemas } from './api/client'
import { language } from './i18n'

export type Program = Schemas['Program']

const byCode = shallowRef(new Map<string, Program>())
let loading: Promise<void> | null = null

async function readAll(): Promise<void> {
  const all = new Map<string, Program>()
  let cursor: string | undefined
  do {
    const page = await must(api.GET('/api/v1/programs', { params: { query: { cursor, limit: 200 } } }))
    for (const program of page.items) all.set(program.code ?? '', program)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  byCode.value = all
}

export function loadPrograms(): Promise<void> {
  loading ??= readAll().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

/** All programmes by code; empty until they are read. Reactive. */
export function programs(): Map<string, Program> {
  void loadPrograms().catch(() => undefined)
  return byCode.value
}

/** Its name; one row of the plan has none and says so in place of it. */
export function programName(code: string | undefined, unnamed: string): string {
  const program = programs().get(code ?? '')
  if (!program) return code ?? ''
  const name = language() === 'en' ? program.name_en || program.name_zh : program.name_zh
  return name || unnamed
}
export const programKind = (code: string | undefined): string => programs().get(code ?? '')?.kind ?? ''
