// What a page reads: data, the problem, whether it is on its way. And pages of a long list.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from './api/client'

export interface Loaded<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** Runs `read` on reload(); an answer that a later one overtook is dropped. */
export function useLoad<T>(read: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  let latest = 0
  async function reload(): Promise<void> {
    const mine = ++latest
    loading.value = true
    try {
      const answer = await read()
      if (mine !== latest) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = asProblem(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }
  return { data, problem, loading, reload }
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** Pages by key: forward by the server's cursor, back by those already used. */
export function usePages<T>(read: (cursor: string | undefined) => Promise<Page<T>>) {
  const cursors = ref<(string | undefined)[]>([undefined])
  const list = useLoad(() => read(cursors.value[cursors.value.length - 1]))
  const first = () => {
    cursors.value = [undefined]
    return list.reload()
  }
  const next = () => {
    const cursor = list.data.value?.next_cursor
    if (!cursor) return Promise.resolve()
    cursors.value = [...cursors.value, cursor]
    return list.reload()
  }
  const back = () => {
    if (cursors.value.length > 1) cursors.value = cursors.value.slice(0, -1)
    return list.reload()
  }
  return { ...list, cursors, first, next, back }
}

/** Runs an action of a button: says while it runs, keeps its problem. */
export function useAction<A extends unknown[]>(run: (...args: A) => Promise<void>) {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  async function act(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await run(...args)
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, act }
}
