// Lifecycles as the server allows them to whoever is signed in.
import { api, must, type Schemas } from './api/client'

export type Step = Schemas['Step']
export type LifecycleType = 'person' | 'need' | 'engagement' | 'project' | 'participation'

const kept = new Map<string, Promise<Step[]>>()

/** The steps of a record type; `kind`: of the participation's programme. */
export function stepsOf(type: LifecycleType, kind = ''): Promise<Step[]> {
  const key = `${type}/${kind}`
  let steps = kept.get(key)
  if (!steps) {
    steps = must(api.GET('/api/v1/lifecycles', { params: { query: { type, kind } } })).then(
      (all) => all.items,
    )
    steps.catch(() => kept.delete(key))
    kept.set(key, steps)
  }
  return steps
}
