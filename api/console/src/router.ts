// Every page, its words and what it takes to see it.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { i18n } from './i18n'
import { may, onSignedOut, restoreSession, who, type Permission } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    permission?: Permission
    open?: boolean
  }
}

const page = (
  path: string,
  title: string,
  component: RouteRecordRaw['component'],
  permission: Permission = 'read',
): RouteRecordRaw => ({ path, component, meta: { title, permission } }) as RouteRecordRaw

const inShell: RouteRecordRaw[] = [
  { path: '', component: () => import('./pages/HomePage.vue'), meta: { title: 'nav.home' } },
  page('people', 'nav.people', () => import('./pages/PeoplePage.vue')),
  page('people/new', 'people.add', () => import('./pages/PersonFormPage.vue'), 'register'),
  page('people/:id', 'people.one', () => import('./pages/PersonPage.vue')),
  page('people/:id/edit', 'people.edit', () => import('./pages/PersonFormPage.vue'), 'register'),
  page('imports', 'nav.imports', () => import('./pages/ImportPage.vue'), 'import'),
  page('needs', 'nav.needs', () => import('./pages/NeedsPage.vue')),
  page('needs/new', 'need.add', () => import('./pages/NeedFormPage.vue'), 'publish'),
  page('needs/:id', 'field.need', () => import('./pages/NeedPage.vue')),
  page('needs/:id/edit', 'need.edit', () => import('./pages/NeedFormPage.vue'), 'publish'),
  page('ask', 'nav.ask', () => import('./pages/AskPage.vue')),
  page('plans', 'nav.plans', () => import('./pages/PlansPage.vue')),
  page('plans/:id', 'plan.one', () => import('./pages/PlanPage.vue')),
  page('coverage', 'nav.coverage', () => import('./pages/CoveragePage.vue')),
  page('programs', 'nav.programs', () => import('./pages/ProgramsPage.vue')),
  page('programs/:code', 'field.program', () => import('./pages/ProgramPage.vue')),
  page('duplicates', 'nav.duplicates', () => import('./pages/DuplicatesPage.vue'), 'register'),
  page('me', 'nav.me', () => import('./pages/MePage.vue'), 'own'),
  { path: 'admin/:tab?', component: () => import('./pages/AdminPage.vue'), meta: { title: 'nav.admin' } },
  { path: 'docs/:topic?', component: () => import('./pages/DocsPage.vue'), meta: { title: 'nav.docs' } },
  { path: 'account', component: () => import('./pages/AccountPage.vue'), meta: { title: 'account.title' } },
  {
    path: ':rest(.*)*',
    component: () => import('./pages/MissingPage.vue'),
    meta: { title: 'missing.title' },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    {
      path: '/sign-in',
      component: () => import('./pages/SignInPage.vue'),
      meta: { title: 'signIn.title', open: true },
    },
    {
      path: '/setup',
      component: () => import('./pages/SetupPage.vue'),
      meta: { title: 'setup.title', open: true },
    },
    {
      path: '/',
      component: () => import('./shell/AppShell.vue'),
      meta: { title: 'nav.home' },
      children: inShell,
    },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (await restoreSession()) return true
  return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

export const isAllowed = (permission: Permission | undefined): boolean => !permission || may(permission)

/** The heading of the page in the language of now, in the window's title. */
export function showTitle(): void {
  const { t } = i18n.global
  document.title = `${t(router.currentRoute.value.meta.title)} · ${t('brand')}`
}
router.afterEach(showTitle)

onSignedOut(() => {
  const { meta, fullPath } = router.currentRoute.value
  if (!meta.open && !who.value) void router.push({ path: '/sign-in', query: { next: fullPath, ended: '1' } })
})
