// Light or dark: what the system says, until somebody chooses.
import { ref } from 'vue'

const kKept = 'chucai.theme'
export const isDark = ref(false)

function show(dark: boolean): void {
  isDark.value = dark
  document.documentElement.classList.toggle('dark', dark)
}

export function startTheme(): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const kept = localStorage.getItem(kKept)
  show(kept ? kept === 'dark' : system.matches)
  system.addEventListener('change', (event) => {
    if (!localStorage.getItem(kKept)) show(event.matches)
  })
}

export function toggleTheme(): void {
  show(!isDark.value)
  localStorage.setItem(kKept, isDark.value ? 'dark' : 'light')
}
