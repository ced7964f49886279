// Two languages: Chinese is the source and always there, English comes when it is asked for.
import { shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'
import elementEn from 'element-plus/es/locale/lang/en'
import elementZh from 'element-plus/es/locale/lang/zh-cn'
import shared from './words/shared.json'
import zh from './words/zh'

export type Language = 'zh' | 'en'
const kKept = 'chucai.language'

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh: { ...zh, ...shared.zh } },
})
export const elementWords = shallowRef(elementZh)

export const language = (): Language => i18n.global.locale.value as Language

export async function setLanguage(next: Language): Promise<void> {
  if (next === 'en') {
    const words = await import('./words/en')
    i18n.global.setLocaleMessage('en', { ...words.default, ...shared.en } as never)
  }
  elementWords.value = next === 'en' ? elementEn : elementZh
  i18n.global.locale.value = next as 'zh'
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(kKept, next)
}

export async function startLanguage(): Promise<void> {
  await setLanguage(localStorage.getItem(kKept) === 'en' ? 'en' : 'zh')
}
