// The one way to the server: typed by the contract, speaks the reader's language, turns every
// failure into a Problem that a page can show.
import createClient from 'openapi-fetch'
import type { components, paths } from './schema'
import { language } from '../i18n'

export type Schemas = components['schemas']
export type Person = Schemas['Person']
export type Need = Schemas['Need']
export type Engagement = Schemas['Engagement']
export type Participation = Schemas['Participation']
export type Candidate = Schemas['Candidate']
export type Term = Schemas['Term']
export type Plan = Schemas['Plan']
export type CoverageRow = Schemas['CoverageRow']
export type ImportReport = Schemas['ImportReport']

/** What went wrong, in words; status 0: the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: Record<string, string> = {},
    readonly requestId = '',
  ) {
    super(detail)
  }
}

const ended: (() => void)[] = []
/** Called when the server says that nobody is signed in any more. */
export function onSessionEnd(listener: () => void): void {
  ended.push(listener)
}

type Query = Record<string, unknown>
function querySerializer(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    if (Array.isArray(value)) value.forEach((each) => search.append(name, String(each)))
    else if (typeof value === 'object') {
      for (const [field, text] of Object.entries(value)) if (text) search.append(field, String(text))
    } else search.append(name, String(value))
  }
  return search.toString()
}

export const api = createClient<paths>({ querySerializer })
api.use({
  onRequest({ request }) {
    request.headers.set('X-Requested-With', 'chucai')
    request.headers.set('Accept-Language', language())
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

function problemOf(error: unknown, response: Response): Problem {
  const body = (error ?? {}) as Partial<Schemas['Problem']>
  const fields: Record<string, string> = {}
  for (const each of body.errors ?? []) fields[each.pointer.split('/')[1] ?? ''] ??= each.detail
  return new Problem(
    response.status,
    body.code ?? `http.${response.status}`,
    body.detail ?? response.statusText,
    fields,
    body.request_id,
  )
}

/** The answer with its headers; throws a Problem. */
export async function answered<T>(call: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch {
    throw new Problem(0, 'offline', '')
  }
  const { data, error, response } = answer
  if (response.ok) return { data: data as T, response }
  const problem = problemOf(error, response)
  const isSignIn = response.url.endsWith('/session') || response.url.endsWith('/setup')
  if (problem.status === 401 && !isSignIn) ended.forEach((listener) => listener())
  throw problem
}

/** The data of an answer; throws a Problem. */
export async function must<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await answered(call)).data
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(-1, 'console', String(error))

/** If-Match of the version that was read. */
export const ifMatch = (version: number | undefined): string => `"${version ?? 0}"`
