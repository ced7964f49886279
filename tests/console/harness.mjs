// The console in Debian's Chromium against the real server over a demo province: how to start both,
// sign in, look at a page, and what must hold on every page.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kChromium = '/usr/bin/chromium'
const kSkipped = 77
const kFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where the console was built: its node_modules hold playwright-core and axe-core. */
export const workFolder = process.env.CONSOLE_WORK
const require = createRequire(join(workFolder, 'package.json'))

export function skipWithoutChromium() {
  if (existsSync(kChromium)) return
  console.log(`chucai: skipped, no ${kChromium}`)
  process.exit(process.env.CI ? 1 : kSkipped)
}

/** A process that serves; resolves with what `ready` found in its output. */
export function serve(binary, args, ready) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  const stop = () =>
    new Promise((done) => {
      child.once('exit', done)
      child.kill('SIGTERM')
    })
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      output += bytes
      const found = ready(output)
      if (found) resolve({ ...found, stop })
    })
    child.once('exit', () => reject(new Error(`${binary} ended:\n${output}`)))
  })
}

/** A demo province and its administrator. */
export const startDemo = (binary) =>
  serve(binary, ['demo'], (output) => {
    const url = /服务地址：(http:\S+)/.exec(output)
    const login = /登录：demo \/ (\S+)/.exec(output)
    return url && login && output.includes('curl') && { url: url[1], password: login[1] }
  })

/** An empty register that waits for its first account. */
export function startEmpty(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'chucai-console-'))
  const args = ['--data', join(folder, 'data'), 'serve', '--listen', '127.0.0.1:0']
  return serve(binary, args, (output) => {
    const url = /(http:\/\/127\S+)/.exec(output)
    const code = /初始化码 (\w+)/.exec(output)
    return url && code && { url: url[1], setupCode: code[1] }
  }).then((server) => ({
    ...server,
    stop: () => server.stop().finally(() => rmSync(folder, { recursive: true, force: true })),
  }))
}

/** A browser whose pages report script errors, CSP breaches and failed requests in `faults`. */
export async function openBrowser() {
  const { chromium } = require('playwright-core')
  const browser = await chromium.launch({ executablePath: kChromium, args: kFlags })
  return browser
}

/** A fresh visitor: no cookies, the language chosen, 1366 x 768 unless said otherwise. */
export async function visit(browser, url, options = {}) {
  const { language = 'zh', width = 1366, height = 768, dark = false } = options
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'zh-CN',
    reducedMotion: 'reduce',
  })
  await context.addInitScript((chosen) => {
    if (!localStorage.getItem('chucai.language')) localStorage.setItem('chucai.language', chosen)
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    )
  }, language)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('dialog', (dialog) => {
    faults.push(`a script opened a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    // A refused request is part of some walks; the browser logs it by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(message.text())
    }
  })
  return { page, context, faults }
}

export async function signIn(page, name, password, code) {
  await page.goto('/sign-in')
  await page.locator('input[autocomplete=username]').fill(name)
  await page.locator('input[autocomplete=current-password]').fill(password)
  await page.locator('button[type=submit]').click()
  if (code) {
    await page.locator('input[autocomplete=one-time-code]').fill(code)
    await page.locator('button[type=submit]').click()
  }
  await page.locator('#main h1').waitFor()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

/** Until the page shows its heading and nothing of it is on its way. */
export async function settle(page, heading = '#main h1') {
  await page.locator(heading).first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.el-skeleton, [aria-busy=true]'))
}

/** What axe finds against WCAG 2.2 A and AA and good practice, in words. */
export async function axe(page) {
  const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] })
    return found.violations.map((each) => ({
      rule: each.id,
      nodes: each.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`),
    }))
  })
  return violations.map(({ rule, nodes }) => `${rule} x${nodes.length}: ${nodes[0]}`)
}

export async function assertGood(page, faults, place) {
  assert.deepEqual(await axe(page), [], `axe on ${place}`)
  assert.deepEqual(faults, [], `script errors or CSP reports on ${place}`)
}

/** The six digits of a second factor now (RFC 6238). */
export function totp(secret, now = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/=+$/, '')]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = digest[19] & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
