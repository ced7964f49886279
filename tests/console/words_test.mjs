// words_test.mjs SOURCE_FOLDER: zh and en have the same keys, every key in use exists, no words
// stand in a component, and every problem code has words in both languages.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'

const source = process.argv[2]
const folder = join(source, 'api/console/src')
const isWords = (path) => path.includes('/words/')

function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name)
    return entry.isDirectory() ? filesBelow(inner) : [inner]
  })
}
const files = filesBelow(folder)
  .filter((path) => /\.(vue|ts)$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

// The files hold one object literal of plain strings, so it is read as a value.
function wordsOf(name) {
  const text = readFileSync(join(folder, 'words', name), 'utf8')
  const literal = text.slice(text.indexOf('export default') + 'export default'.length)
  return new Function(`return (${literal})`)()
}
function keysOf(words, before = '') {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${before}${key}`] : keysOf(value, `${before}${key}.`),
  )
}
const kShared = ['rule', 'part'] // from messages.csv, see shared_words.mjs
const zh = wordsOf('zh.ts')
const en = wordsOf('en.ts')
const keys = new Set(keysOf(zh))
const at = (words, key) => key.split('.').reduce((inner, part) => inner[part], words)

test('both languages have the same keys', () => {
  assert.ok(keys.size > 300)
  assert.deepEqual(keysOf(en), [...keys])
})

test('each language is written in itself, with the same places for values', () => {
  const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort()
  for (const key of keys) {
    assert.deepEqual(places(at(en, key)), places(at(zh, key)), key)
    const isName = key === 'shell.otherLanguage'
    assert.ok(isName || !/\p{Script=Han}/u.test(at(en, key)), `en ${key}: ${at(en, key)}`)
    assert.ok(at(zh, key).trim() && at(en, key).trim(), key)
  }
})

test('every key in use exists', () => {
  for (const { path, text } of files) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) assert.ok(keys.has(key), `${path}: ${key}`)
    for (const [, key] of text.matchAll(/words: '([\w.]+)'/g)) assert.ok(keys.has(key), `${path}: ${key}`)
    // t(`field.${name}`): the group must exist.
    for (const [, group] of text.matchAll(/\bt\(`([\w.]+)\.\$\{/g)) {
      const known = kShared.includes(group) || [...keys].some((key) => key.startsWith(`${group}.`))
      assert.ok(known, `${path}: ${group}`)
    }
  }
})

test('no words stand outside the words', () => {
  for (const { path, text } of files.filter((file) => !isWords(file.path))) {
    const code = text.replace(/<!--[\s\S]*?-->|\/\/.*|\/\*[\s\S]*?\*\//g, '')
    assert.ok(!/\p{Script=Han}/u.test(code), `${path} holds Chinese words`)
    const template = code.slice(code.indexOf('<template>'))
    if (!path.endsWith('.vue')) continue
    const bare = template.replace(/\{\{[\s\S]*?\}\}/g, '').replace(/<[^>]*?(?:"[^"]*"[^>]*?)*>/g, '')
    assert.ok(!/[A-Za-z]{2,}/.test(bare), `${path} holds words: ${bare.trim().slice(0, 60)}`)
    assert.ok(
      !/\s(title|placeholder|aria-label|alt)="[A-Za-z]/.test(template),
      `${path} names a thing itself`,
    )
  }
})

test('the manual has the same topics, paragraphs and steps in both languages', async () => {
  const shapeOf = (name) => {
    const text = readFileSync(join(folder, 'words', name), 'utf8')
    const literal = text.slice(
      text.indexOf('Topic[] = ') + 'Topic[] = '.length,
      text.indexOf('export default'),
    )
    const topics = new Function(`return (${literal})`)()
    return topics.map(({ id, to, text, steps }) => [id, to, text.length, steps.length])
  }
  assert.deepEqual(shapeOf('manual_en.ts'), shapeOf('manual_zh.ts'))
})

test('every problem code has words in both languages', () => {
  const rows = readFileSync(join(source, 'registry/codes/messages.csv'), 'utf8')
  const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((cell) => cell[1])
  const records = rows.match(/(?:"(?:[^"]|"")*"|[^"\n])+\n/g).slice(1)
  assert.ok(records.length > 300)
  for (const record of records) {
    const [reason, chinese, english] = cells(record.trimEnd().replace(/\n/g, ' '))
    assert.ok(chinese && english, `messages.csv: ${reason}`)
  }
})
