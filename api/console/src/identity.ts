// A resident identity number as it is typed (GB 11643): the server has the last word.
const kWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const kCheckDigits = '10X98765432'

export type IdentityVerdict = 'empty' | 'short' | 'malformed' | 'date' | 'check' | 'good'

/** What is wrong with a resident number so far. */
export function checkResidentNumber(typed: string): IdentityVerdict {
  const number = typed.trim().toUpperCase()
  if (!number) return 'empty'
  if (!/^\d{0,17}[\dX]?$/.test(number)) return 'malformed'
  if (number.length < 18) return 'short'
  const birth = birthOf(number)
  const day = new Date(`${birth}T00:00:00Z`)
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== birth) return 'date'
  const sum = kWeights.reduce((total, weight, i) => total + weight * Number(number[i]), 0)
  return number[17] === kCheckDigits[sum % 11] ? 'good' : 'check'
}

export const birthOf = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`

/** Code of scheme `sex`. */
export const sexOf = (number: string): string => (Number(number[16]) % 2 === 1 ? '1' : '2')
