// The console starts here: words, session, router, page.
import { createApp } from 'vue'
import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style.css'
import App from './App.vue'
import { i18n, startLanguage } from './i18n'
import { router } from './router'
import { startTheme } from './theme'

// A page of an older build asks for a chunk that the newer server no longer has: load anew.
window.addEventListener('vite:preloadError', () => window.location.reload())

startTheme()
void startLanguage().then(() => createApp(App).use(i18n).use(router).mount('#app'))
