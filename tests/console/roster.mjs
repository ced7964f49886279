// A roster of invented people with sound identity numbers, as an office would send it.
const kFamily = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'
const kGiven = '安平远山清川文景星河云帆知行若水'
const kWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A resident number that passes GB 11643; `i` tells people apart. */
export function residentNumber(i) {
  const year = 1960 + (i % 40)
  const month = String(1 + (i % 12)).padStart(2, '0')
  const day = String(1 + (i % 28)).padStart(2, '0')
  const body = `420106${year}${month}${day}${String(i % 1000).padStart(3, '0')}`
  const sum = kWeights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

export const nameOf = (i) => kFamily[i % 16] + kGiven[(i >> 4) % 16] + kGiven[(i * 7 + (i >> 8)) % 16]

/** CSV of `count` people; the last row has a wrong check digit and another one no name. */
export function roster(count, first = 100) {
  const rows = Array.from({ length: count }, (_, k) => {
    const i = first + k
    const number = residentNumber(i)
    const spoiled = k === count - 1 ? number.slice(0, 17) + (number[17] === '1' ? '2' : '1') : number
    const name = k === count - 2 ? '' : nameOf(i)
    return [name, spoiled, `江汉第${i}研究所`, '武昌区', `199${String(10000000 + i)}`].join(',')
  })
  return `姓名,证件号码,工作单位,所在地区,联系电话\n${rows.join('\n')}\n`
}
