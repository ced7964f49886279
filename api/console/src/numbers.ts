// Numbers for records that an office has not numbered itself: the day and four letters, so that two
// desks do not meet; the server refuses a number that is taken.
const kLetters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

export function newNumber(prefix: string): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date())
  const random = crypto.getRandomValues(new Uint8Array(4))
  return `${prefix}${day.replace(/-/g, '')}-${[...random].map((byte) => kLetters[byte % kLetters.length]).join('')}`
}
