// A form that is being filled in survives a broken connection, a reload and a session that ended:
// kept in this tab alone, gone when it is sent or the tab is closed, and never with an identity number.
import { reactive, watch } from 'vue'
import type { Draft } from './fields'

const kNeverKept = ['id_no']

export function useDraft(key: string, start: Draft) {
  const place = `chucai.draft.${key}`
  const kept = sessionStorage.getItem(place)
  const draft = reactive<Draft>({ ...start, ...(kept ? (JSON.parse(kept) as Draft) : {}) })
  watch(draft, () => {
    const shown = Object.fromEntries(Object.entries(draft).filter(([name]) => !kNeverKept.includes(name)))
    sessionStorage.setItem(place, JSON.stringify(shown))
  })
  const drop = () => sessionStorage.removeItem(place)
  return { draft, drop, wasKept: kept !== null }
}
