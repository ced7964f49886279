// size_test.mjs DIST: what the list of people loads at first, followed from index.html through every
// static import, must stay small; charts come only where a chart is.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'

const dist = process.argv[2]
const kLimit = 350 * 1024
const textOf = (name) => readFileSync(join(dist, name), 'utf8')
const sizeOf = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length

function importsOf(name) {
  const found = textOf(name).matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)
  return [...found].map(([, file]) => `assets/${file}`)
}
function closure(names) {
  const seen = new Set()
  const visit = (name) => {
    if (seen.has(name)) return
    seen.add(name)
    importsOf(name).forEach(visit)
  }
  names.forEach(visit)
  return seen
}

test('the first load of the list of people is small and holds no chart', () => {
  const page = textOf('index.html')
  const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name)
  assert.ok(scripts.length > 0)
  const loaded = closure([...scripts, 'assets/AppShell.js', 'assets/PeoplePage.js'])
  const styles = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.css'))
  const sizes = [...loaded, ...styles.map((name) => `assets/${name}`), 'index.html'].map((name) => [
    name,
    sizeOf(name),
  ])
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  console.log(`first load: ${(total / 1024).toFixed(1)} KB gzip in ${sizes.length} files`)
  assert.ok(total <= kLimit, sizes.map(([name, size]) => `${size} ${name}`).join('\n'))
  for (const name of loaded) assert.ok(!/zrender|echarts/i.test(textOf(name)), `${name} holds the charts`)
})
