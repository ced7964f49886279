// console_test.mjs CHUCAI: the console as people use it. See harness.mjs.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { assertGood, openBrowser, settle, signIn, skipWithoutChromium, startDemo, visit } from './harness.mjs'

skipWithoutChromium()
const binary = process.argv[2]
let demo
let browser

before(async () => {
  demo = await startDemo(binary)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('a page that needs somebody signed in asks who, then shows itself', async () => {
  const { page, context, faults } = await visit(browser, demo.url)
  await page.goto('/people?status=active')
  await page.waitForURL(/sign-in/)
  await page.locator('input[autocomplete=username]').fill('demo')
  await page.locator('input[autocomplete=current-password]').fill('wrong')
  await page.locator('button[type=submit]').click()
  await page.getByRole('alert').waitFor()
  await assertGood(page, faults, '/sign-in')
  await page.locator('input[autocomplete=current-password]').fill(demo.password)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(/\/people\?status=active/)
  await settle(page)
  assert.equal(await page.locator('table.data tbody tr').count(), 50)
  await page.getByRole('button', { name: '下一页' }).click()
  await page.getByText('第 2 页').waitFor()
  await assertGood(page, faults, '/people')
  await context.close()
})
