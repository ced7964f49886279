// Names of codes. Small tables come whole; of the large ones (regions, industries, disciplines) only
// the codes that are on screen, gathered into one request.
import { reactive } from 'vue'
import { api, must, type Term } from './api/client'
import { language } from './i18n'

const kLarge = new Set(['region', 'industry', 'discipline', 'discipline_moe', 'title', 'title_name'])
const kBatch = 200

const known = reactive(new Map<string, Term>())
const tables = new Map<string, Promise<Term[]>>()
const wanted = new Map<string, Set<string>>()

export const termName = (term: Term): string =>
  language() === 'en' && term.name_en ? term.name_en : term.name

function keep(terms: Term[]): Term[] {
  for (const term of terms) known.set(`${term.scheme}/${term.code}`, term)
  return terms
}

/** A whole small table, in its order. */
export function table(scheme: string): Promise<Term[]> {
  let loading = tables.get(scheme)
  if (!loading) {
    loading = must(api.GET('/api/v1/terms', { params: { query: { scheme } } })).then((all) => keep(all.items))
    loading.catch(() => tables.delete(scheme))
    tables.set(scheme, loading)
  }
  return loading
}

export async function children(scheme: string, parent: string): Promise<Term[]> {
  return keep((await must(api.GET('/api/v1/terms', { params: { query: { scheme, parent } } }))).items)
}

export async function searchTerms(scheme: string, q: string): Promise<Term[]> {
  return keep((await must(api.GET('/api/v1/terms', { params: { query: { scheme, q } } }))).items)
}

async function fetchWanted(scheme: string): Promise<void> {
  const codes = [...(wanted.get(scheme) ?? [])]
  wanted.delete(scheme)
  for (let i = 0; i < codes.length; i += kBatch) {
    const query = { scheme, codes: codes.slice(i, i + kBatch).join(',') }
    keep((await must(api.GET('/api/v1/terms', { params: { query } }))).items)
  }
}

function want(scheme: string, code: string): void {
  const gathered = wanted.get(scheme)
  if (gathered) {
    gathered.add(code)
    return
  }
  wanted.set(scheme, new Set([code]))
  setTimeout(() => void fetchWanted(scheme).catch(() => undefined))
}

/** The name of a code, or the code itself until it is known. Reactive. */
export function label(scheme: string, code: string | null | undefined): string {
  if (!code) return ''
  const term = known.get(`${scheme}/${code}`)
  if (term) return termName(term)
  if (kLarge.has(scheme)) want(scheme, code)
  else void table(scheme).catch(() => undefined)
  return code
}

export const isLarge = (scheme: string): boolean => kLarge.has(scheme)
