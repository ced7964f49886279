// shared_words.mjs MESSAGES_CSV OUT: the words that the service says too (why somebody is left out,
// parts of a score) stand once, in registry/codes/messages.csv; here they become words of the console.
import { readFileSync, writeFileSync } from 'node:fs'

const [messages, out] = process.argv.slice(2)
const kGroups = { 'rule.': 'rule', 'match.part.': 'part' }

const cellsOf = (line) =>
  [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  )

const words = { zh: {}, en: {} }
for (const line of readFileSync(messages, 'utf8').split('\n')) {
  const [reason, zh, en] = cellsOf(line)
  for (const [prefix, group] of Object.entries(kGroups)) {
    if (!reason?.startsWith(prefix)) continue
    const name = reason.slice(prefix.length)
    ;(words.zh[group] ??= {})[name] = zh
    ;(words.en[group] ??= {})[name] = en
  }
}
writeFileSync(out, `${JSON.stringify(words, null, 2)}\n`)
