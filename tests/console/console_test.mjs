// console_test.mjs CHUCAI: the console as people use it, see harness.mjs. Nothing here is held to a
// time; every step waits for what it needs to see.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import {
  assertGood,
  openBrowser,
  settle,
  signIn,
  skipWithoutChromium,
  startDemo,
  startEmpty,
  totp,
  visit,
} from './harness.mjs'
import { nameOf, residentNumber, roster } from './roster.mjs'

skipWithoutChromium()
const binary = process.argv[2]
const kPassword = 'seven teal 3 lotus'
const kMostClicks = 25
let demo
let empty
let browser

before(async () => {
  demo = await startDemo(binary)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
  await empty?.stop()
})

/** A visitor who has signed in as the administrator of the demo province. */
async function administrator(options) {
  const visitor = await visit(browser, demo.url, options)
  await signIn(visitor.page, 'demo', demo.password)
  return visitor
}
/** The service itself, as the page's own scripts would ask it. */
const ask = (page, method, path, body, headers = {}) =>
  page.evaluate(
    async ([method, path, body, headers]) => {
      const answer = await fetch(path, {
        method,
        headers: { 'X-Requested-With': 'chucai', 'Content-Type': 'application/json', ...headers },
        body: body && JSON.stringify(body),
      })
      return { status: answer.status, body: answer.status === 204 ? null : await answer.json() }
    },
    [method, path, body, headers],
  )
/** Types into a code field and takes the first that fits. */
async function chooseCode(page, label, typed) {
  const field = page.getByRole('combobox', { name: label, exact: true })
  await field.fill(typed)
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item.is-hovering').waitFor()
  await field.press('Enter')
}
const csvFile = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

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

  // The session ends behind the page's back: sign in again and come back to where one was.
  await context.clearCookies()
  await page.getByRole('link', { name: '需求', exact: true }).click()
  await page.waitForURL(/sign-in\?.*next/)
  await page.getByText('登录已失效').waitFor()
  await context.close()
})

async function lookAtEveryPage(language) {
  const { page, context, faults } = await administrator({ language })
  const person = (await ask(page, 'GET', '/api/v1/people?roles=expert&limit=1')).body.items[0].id
  const plan = (await ask(page, 'GET', '/api/v1/plans')).body.items[0].id
  const pages = [
    '/',
    '/people',
    '/people/new',
    `/people/${person}`,
    `/people/${person}/edit`,
    '/imports',
    '/needs',
    '/needs/new',
    '/needs/N000006',
    '/ask',
    '/plans',
    `/plans/${plan}`,
    '/coverage',
    '/coverage?view=map&by=unit&program=YOUNG_ELITE',
    '/coverage?view=heat&by=unit',
    '/programs',
    '/programs/YOUNG_ELITE',
    '/duplicates',
    '/admin',
    '/account',
    '/docs/import',
    '/nowhere',
  ]
  for (const path of pages) {
    await page.setViewportSize({ width: 1366, height: 768 })
    await page.goto(path)
    await settle(page)
    // axe looks at structure and colours, which the language does not change.
    if (language === 'zh') await assertGood(page, faults, `${path} (${language})`)
    assert.deepEqual(faults, [], `${path} (${language})`)
    const heading = await page.locator('#main h1').first().innerText()
    assert.ok(heading.trim() && !/^[a-z]+\.[a-zA-Z]+$/.test(heading), `${path} is headed ${heading}`)
    await page.setViewportSize({ width: 390, height: 844 })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(overflow <= 0, `${path} is ${overflow} px too wide at 390`)
  }
  await context.close()
}

test('every page is sound in both languages, wide and narrow', () =>
  Promise.all(['zh', 'en'].map(lookAtEveryPage)))

test('dark mode keeps its contrast', async () => {
  const { page, context, faults } = await administrator({ dark: true })
  for (const path of ['/people', '/needs/N000006', '/people/new']) {
    await page.goto(path)
    await settle(page)
    assert.ok(await page.evaluate(() => document.documentElement.classList.contains('dark')))
    await assertGood(page, faults, `${path} (dark)`)
  }
  await context.close()
})

test("a first-time user's four jobs take few clicks", async () => {
  const { page, context, faults } = await administrator()
  let clicks = 0
  const click = async (locator) => {
    clicks += 1
    await locator.click()
  }
  const go = (name) =>
    click(page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name, exact: true }))

  // 1. Register a person.
  await go('人才库')
  await click(page.getByRole('button', { name: '登记人员' }))
  await page.getByLabel('姓名').fill('楚天阔')
  await page.getByLabel('证件号码').fill(residentNumber(7))
  await page.getByText('号码无误').waitFor()
  await chooseCode(page, '所在地区', 'xex')
  await page.getByLabel('工作单位').fill('宣恩县茶叶局')
  await click(page.getByRole('button', { name: '保存' }))
  await page.getByRole('heading', { name: '楚天阔', level: 1 }).waitFor()
  await page.getByText('宣恩县', { exact: true }).waitFor()

  // 2. Import three hundred.
  await go('名册导入')
  clicks += 2 // the button, and the file in the system's own window
  await page.locator('input[type=file]').setInputFiles(csvFile('武昌人才.csv', roster(300)))
  await page.getByText('试跑结果').waitFor()
  await click(page.getByRole('button', { name: /入库 \d+ 行/ }))
  await page.getByText(/已入库，批次/).waitFor()
  const counts = await page.locator('.tile dd').allInnerTexts()
  const [rows, ...others] = counts.map(Number)
  assert.equal(rows, 300)
  assert.equal(
    others.reduce((sum, count) => sum + count, 0),
    300,
  )

  // 3. Find ten experts.
  await go('找专家')
  await chooseCode(page, '所在地区', 'enshi')
  await page.getByLabel('要解决的问题').fill('电子技术')
  await click(page.getByRole('button', { name: '查找' }))
  await page.locator('.candidate').nth(9).waitFor()
  assert.equal(await page.locator('.candidate').count(), 10)

  // 4. How far does the programme for the young reach?
  await go('覆盖情况')
  await chooseCode(page, '全部计划', 'YOUNG_ELITE')
  await page.getByText('41.4%').waitFor()

  console.log(`first-time user: ${clicks} clicks`)
  assert.ok(clicks <= kMostClicks, `${clicks} clicks`)
  assert.deepEqual(faults, [])
  await context.close()
})

test('an import shows every finding, gives the failed rows back and can be undone', async () => {
  const { page, context, faults } = await administrator()
  await page.goto('/imports')
  await page
    .locator('input[type=file]')
    .setInputFiles(csvFile('汉阳.csv', `备用栏,${roster(20, 700)}`.replace(/\n(?!$)/g, '\n甲,')))
  await page.getByText('试跑结果').waitFor()
  await page.getByRole('button', { name: /备用栏/ }).click()
  await page.getByLabel('“备用栏”读作').fill('备注')
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByRole('button', { name: /备用栏\s*备注/ }).waitFor()
  await page.getByText('第 20 行').first().waitFor()
  await assertGood(page, faults, '/imports with a report')
  const [workbook] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载需处理的行' }).click(),
  ])
  assert.equal(workbook.suggestedFilename(), '汉阳-failed.xlsx')
  await page.getByRole('button', { name: /入库 \d+ 行/ }).click()
  await page.getByText(/已入库，批次/).waitFor()
  await page.getByRole('button', { name: '撤销 汉阳.csv' }).first().click()
  await page.locator('.el-popconfirm:visible').getByRole('button', { name: '撤销' }).click()
  await page.getByText(/已撤销：移除 \d+ 条/).waitFor()
  assert.equal(
    (await ask(page, 'GET', `/api/v1/people?q=${encodeURIComponent('江汉第701研究所')}`)).body.items.length,
    0,
  )
  assert.deepEqual(faults, [])
  await context.close()
})

test('a need finds its experts: why not, compare, shortlist, offer, refusal, the next one, evaluation', async () => {
  const { page, context, faults } = await administrator()
  await page.goto('/needs/new')
  await page.getByLabel('需求名称').fill('电子技术培训')
  await page.getByRole('textbox', { name: '需求单位', exact: true }).fill('咸丰县经信局')
  await chooseCode(page, '所在地区', 'xianfengxian')
  await chooseCode(page, '学科', 'dianzijishu')
  await page.getByRole('button', { name: '保存' }).click()
  await page.locator('.candidate').first().waitFor()

  await page.getByLabel('专家编号').fill('E000001')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText(/相差 \d+ 分|未参加排名|名单之内/).waitFor()
  await page.locator('.candidate').nth(0).getByText('比较').click()
  await page.locator('.candidate').nth(1).getByText('比较').click()
  await page.getByRole('heading', { name: '并排比较' }).waitFor()
  await page.getByText('依据图').first().click()
  await assertGood(page, faults, '/needs/{id} compared')

  const cardOf = (name) =>
    page.locator('.candidate').filter({ has: page.getByRole('link', { name, exact: true }) })
  const nameAt = (i) => page.locator('.candidate h3 a').nth(i).innerText()
  const [first, second] = [await nameAt(0), await nameAt(1)]
  await cardOf(second).getByRole('button', { name: '入围' }).click()
  const engagements = page
    .locator('section.card')
    .filter({ has: page.getByRole('heading', { name: '对接进展' }) })
  await engagements.getByRole('link', { name: second }).waitFor()
  await cardOf(first).getByRole('button', { name: '邀请' }).click()
  const rowOf = (name) => engagements.locator('li').filter({ hasText: name })
  await rowOf(first).getByText('已邀请').waitFor()
  const step = async (name, to, fields = async () => undefined) => {
    await rowOf(name).getByRole('button', { name: '办理' }).click()
    await page.getByRole('menuitem', { name: to, exact: true }).click()
    await fields(page.getByRole('dialog'))
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
    await rowOf(name).getByText(to, { exact: true }).waitFor()
  }
  await step(first, '谢绝', (dialog) => dialog.getByLabel('谢绝原因').fill('档期冲突'))
  await page.getByRole('button', { name: `邀请下一位候补：${second}` }).click()
  await rowOf(second).getByText('已邀请').waitFor()
  for (const to of ['接受', '已派出', '在岗', '完成']) await step(second, to)
  await step(second, '已评价', async () => chooseCode(page, '满意度', '非常满意'))
  await assertGood(page, faults, '/needs/{id} engaged')
  await context.close()
})

test('what somebody types survives a reload, but an identity number does not', async () => {
  const { page, context, faults } = await administrator()
  await page.goto('/people/new')
  await page.getByLabel('姓名').fill(nameOf(3))
  await page.getByLabel('证件号码').fill(residentNumber(3))
  await page.reload()
  await settle(page)
  assert.equal(await page.getByLabel('姓名').inputValue(), nameOf(3))
  assert.equal(await page.getByLabel('证件号码').inputValue(), '')
  await context.setOffline(true)
  await page.getByText('网络已断开').waitFor()
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('连不上服务').waitFor()
  await context.setOffline(false)
  assert.deepEqual(faults, [])
  await context.close()
})

test('scripts in stored texts are texts', async () => {
  const { page, context, faults } = await administrator()
  const bad = `<img src=x onerror="alert(1)"><script>alert(2)</script>{{constructor.constructor('alert(3)')()}}`
  const contract = (await ask(page, 'GET', '/openapi.json')).body
  const textsOf = (type) =>
    Object.entries(contract.components.schemas[type].properties)
      .filter(
        ([name, field]) =>
          field.type === 'string' &&
          !field['x-scheme'] &&
          !field['x-refers-to'] &&
          !field.readOnly &&
          !/_uscc$|^(id_no|phone|email|expert_no|number|program)$/.test(name),
      )
      .map(([name]) => name)
  const filled = (type) => Object.fromEntries(textsOf(type).map((name) => [name, bad]))
  const person = await ask(page, 'POST', '/api/v1/people', {
    ...filled('Person'),
    roles: ['talent', 'expert'],
    research: [bad],
    honours: [bad],
    region: '420106',
    extra: { [bad]: bad },
  })
  assert.equal(person.status, 201, JSON.stringify(person.body))
  const need = await ask(page, 'POST', '/api/v1/needs', {
    ...filled('Need'),
    number: 'XSS-1',
    headcount: 1,
    region: '420106',
  })
  assert.equal(need.status, 201, JSON.stringify(need.body))
  const link = {
    from_type: 'person',
    from: person.body.id,
    relation: 'liaison',
    to_type: 'organization',
    to: bad,
    note: bad,
  }
  await ask(page, 'POST', '/api/v1/links', link)
  const engagement = {
    number: 'XSS-2',
    need: need.body.id,
    person: person.body.id,
    status: 'shortlisted',
    channel: bad,
  }
  assert.equal((await ask(page, 'POST', '/api/v1/engagements', engagement)).status, 201)
  for (const path of [
    `/people/${person.body.id}`,
    `/people/${person.body.id}/edit`,
    `/needs/${need.body.id}`,
    '/people?q=constructor',
    '/needs?q=constructor',
    '/',
  ]) {
    await page.goto(path)
    await settle(page)
    assert.equal(await page.locator('#main img, #main script').count(), 0, path)
    assert.deepEqual(faults, [], path)
  }
  assert.ok(
    (await page.goto(`/people/${person.body.id}`)) &&
      (await settle(page), await page.locator('#main').innerText()).includes('<img src=x'),
  )
  await page.goto('/imports')
  await page
    .locator('input[type=file]')
    .setInputFiles(
      csvFile(
        `${'<img src=x onerror=alert(4)>'}.csv`,
        `姓名,备注\n${bad.replace(/"/g, '')},${bad.replace(/"/g, '')}\n`,
      ),
    )
  await page.getByText('试跑结果').waitFor()
  assert.deepEqual(faults, [])
  await context.close()
})

test('a new register: first account, second factor, administration, numbers in full', async () => {
  empty = await startEmpty(binary)
  const { page, context, faults } = await visit(browser, empty.url)
  await page.goto('/setup')
  await settle(page, 'main h1')
  await assertGood(page, faults, '/setup')
  await page.getByLabel('初始化码').fill(empty.setupCode)
  await page.getByLabel('账号').fill('chief')
  await page.getByLabel('密码').fill(kPassword)
  await page.getByRole('button', { name: '建立并登录' }).click()
  await page.getByRole('heading', { name: /chief/ }).waitFor()

  await page.goto('/account')
  await page.getByRole('button', { name: '启用' }).click()
  const secret = (await page.locator('code.secret').innerText()).replace(/\s/g, '')
  await page.getByLabel('动态验证码').fill(totp(secret))
  await page.getByRole('button', { name: '确认' }).click()
  assert.equal(await page.locator('.codes li').count(), 10)
  const recovery = await page.locator('.codes li').first().innerText()
  await assertGood(page, faults, '/account with recovery codes')
  await page.getByRole('button', { name: '退出' }).click()
  await page.waitForURL(/sign-in/)
  await signIn(page, 'chief', kPassword, recovery) // the code of this half minute is used up

  await page.goto('/admin/users')
  await page.getByRole('button', { name: '新建账号' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('账号').fill('desk')
  await dialog.getByLabel('密码').fill(kPassword)
  await chooseCode(page, '角色', '登记员')
  await chooseCode(page, '所在地区', 'wuchangqu')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('cell', { name: 'desk', exact: true }).waitFor()
  for (const path of ['/admin/users', '/admin/tokens', '/admin/exports']) {
    await page.goto(path)
    await settle(page)
    await assertGood(page, faults, path)
  }
  const made = await ask(page, 'POST', '/api/v1/people', {
    name: '林远舟',
    id_no: residentNumber(9),
    region: '420106',
  })
  await page.goto(`/people/${made.body.id}`)
  await page.getByRole('button', { name: '查看' }).first().click()
  await page.getByRole('dialog').getByLabel('用途').fill('核对证件')
  await page.getByRole('dialog').getByLabel('案件或文件编号').fill('鄂人才办〔2018〕7 号')
  await page.getByRole('dialog').getByRole('button', { name: '查看' }).click()
  await page.getByText(residentNumber(9)).waitFor()
  await assertGood(page, faults, '/people/{id} with a number in full')
  await context.close()
})

test('a plan is made, compared and adopted', async () => {
  const { page, context, faults } = await administrator()
  await page.goto('/plans')
  await page.getByRole('button', { name: '生成方案' }).click()
  await page.waitForURL(/\/plans\/.+/)
  await page.getByRole('heading', { name: /席位安排/ }).waitFor()
  await page
    .locator('.el-select')
    .filter({ has: page.getByRole('combobox', { name: '选择另一方案' }) })
    .click()
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').first().click()
  await page.getByText(/本方案相比/).waitFor()
  await assertGood(page, faults, '/plans/{id} compared')
  await page.getByRole('button', { name: '采用方案' }).click()
  await page.locator('.el-popconfirm:visible').getByRole('button', { name: '采用方案' }).click()
  await page.getByText('已采用').waitFor()
  assert.ok((await ask(page, 'GET', '/api/v1/engagements?status=offered&limit=5')).body.items.length > 0)
  assert.deepEqual(faults, [])
  await context.close()
})
