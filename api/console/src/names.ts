// Names of people and needs that other records refer to, each read once.
import { reactive } from 'vue'
import type { Need, Person } from './api/client'
import { readRecord } from './records'

const people = reactive(new Map<string, string>())
const needs = reactive(new Map<string, { number: string; name: string }>())
const asked = new Set<string>()

/** The name of a person, the id until it is known or when it is out of scope. Reactive. */
export function personName(id: string | undefined): string {
  if (!id) return ''
  if (!asked.has(id)) {
    asked.add(id)
    readRecord<Person>('people', id).then(
      (person) => people.set(id, person.name ?? id),
      () => undefined,
    )
  }
  return people.get(id) ?? id
}

/** Number and name of a need. Reactive. */
export function needName(id: string | undefined): { number: string; name: string } {
  if (!id) return { number: '', name: '' }
  if (!asked.has(id)) {
    asked.add(id)
    readRecord<Need>('needs', id).then(
      (need) => needs.set(id, { number: need.number ?? id, name: need.name ?? '' }),
      () => undefined,
    )
  }
  return needs.get(id) ?? { number: id, name: '' }
}
