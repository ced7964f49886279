// Whether the browser has a network at all.
import { ref } from 'vue'

export const isOnline = ref(navigator.onLine)
window.addEventListener('online', () => (isOnline.value = true))
window.addEventListener('offline', () => (isOnline.value = false))
