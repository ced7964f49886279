// What a list is asked for, kept in the address: it can be saved, sent and come back to.
import { reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const kPause = 250

/** A text each; `changed` runs when somebody stops typing. */
export function useAsked(names: string[], changed: () => void): Record<string, string> {
  const route = useRoute()
  const router = useRouter()
  const asked = reactive<Record<string, string>>({})
  for (const name of names) {
    const given = route.query[name]
    asked[name] = typeof given === 'string' ? given : ''
  }
  let pause = 0
  watch(asked, () => {
    window.clearTimeout(pause)
    pause = window.setTimeout(() => {
      const query = Object.fromEntries(Object.entries(asked).filter(([, text]) => text))
      void router.replace({ query })
      changed()
    }, kPause)
  })
  return asked
}
