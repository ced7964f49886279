// What all collections have in common: reading by fields, adding, changing with the version read.
import { api, ifMatch, must } from './api/client'
import type { Draft } from './fields'

export type Collection =
  | 'people'
  | 'needs'
  | 'engagements'
  | 'participations'
  | 'projects'
  | 'links'
  | 'works'
  | 'assessments'
  | 'programs'
  | 'targets'
  | 'rounds'
  | 'documents'
  | 'organizations'

// The paths differ in one word and their types in nothing that this file looks at.
const all = (collection: Collection) => `/api/v1/${collection}` as '/api/v1/people'
const one = (collection: Collection) => `/api/v1/${collection}/{id}` as '/api/v1/people/{id}'

/** The records whose fields have these values, at most `limit`. */
export async function recordsWhere<T>(
  collection: Collection,
  filters: Record<string, string>,
  limit = 200,
): Promise<T[]> {
  const page = await must(api.GET(all(collection), { params: { query: { filters, limit } } }))
  return page.items as T[]
}

export async function readRecord<T>(collection: Collection, id: string): Promise<T> {
  return (await must(api.GET(one(collection), { params: { path: { id } } }))) as T
}

export async function addRecord<T>(collection: Collection, draft: Draft): Promise<T> {
  return (await must(api.POST(all(collection), { body: draft }))) as T
}

export async function changeRecord<T>(
  collection: Collection,
  id: string,
  version: number | undefined,
  patch: Draft,
): Promise<T> {
  const params = { path: { id }, header: { 'If-Match': ifMatch(version) } }
  return (await must(api.PATCH(one(collection), { params, body: patch }))) as T
}
