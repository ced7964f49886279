// Dates, times and money as offices write them.
import { language } from './i18n'

const kZone = 'Asia/Shanghai'
const locale = (): string => (language() === 'zh' ? 'zh-CN' : 'en-GB')

/** An instant of the server (UTC) in Beijing time. */
export function time(instant: string | undefined | null): string {
  if (!instant) return ''
  const options: Intl.DateTimeFormatOptions = {
    timeZone: kZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }
  return new Intl.DateTimeFormat(locale(), { ...options, hour12: false }).format(new Date(instant))
}

export const number = (value: number): string => value.toLocaleString(locale())

export const yuan = (fen: number | undefined): string =>
  fen === undefined ? '' : (fen / 100).toLocaleString(locale(), { style: 'currency', currency: 'CNY' })

export const percent = (value: number): string =>
  value.toLocaleString(locale(), { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
