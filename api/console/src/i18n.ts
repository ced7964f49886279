// Two languages: Chinese is the source and always there, English comes when it is asked for.
import { shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import zh from './words/zh'

export type Language = 'zh' | 'en'
const kKept = 'chucai.language'

export const i18n = createI18n({ legacy: false, locale: 'zh', fallbackLocale: 'zh', messages: { zh } })
export const elementWords = shallowRef(zhCn)

export const language = (): Language => i18n.global.locale.value as Language

export async function setLanguage(next: Language): Promise<void> {
  if (next === 'en') {
    const [words, element] = await Promise.all([
      import('./words/en'),
      import('element-plus/es/locale/lang/en'),
    ])
    i18n.global.setLocaleMessage('en', words.default as never)
    elementWords.value = element.default
  } else {
    elementWords.value = zhCn
  }
  i18n.global.locale.value = next as 'zh'
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(kKept, next)
}

export async function startLanguage(): Promise<void> {
  await setLanguage(localStorage.getItem(kKept) === 'en' ? 'en' : 'zh')
}
