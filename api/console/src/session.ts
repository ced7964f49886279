// Who is signed in and what they may do.
import { computed, shallowRef } from 'vue'
import { api, must, onSessionEnd, type Schemas } from './api/client'

export type Principal = Schemas['Principal']
export type Permission =
  | 'read'
  | 'register'
  | 'publish'
  | 'import'
  | 'plan'
  | 'adopt'
  | 'manage_programs'
  | 'manage_accounts'
  | 'operate'
  | 'audit'
  | 'reveal'
  | 'export_unmasked'
  | 'approve_export'
  | 'manage_rights'
  | 'own'

const principal = shallowRef<Principal | null>(null)
let asked = false

export const who = computed(() => principal.value)
export const accountName = computed(() => principal.value?.actor.replace(/^account:/, '') ?? '')
export const may = (permission: Permission): boolean =>
  principal.value?.permissions.includes(permission) ?? false

/** Asks the server once whether the cookie still holds. */
export async function restoreSession(): Promise<Principal | null> {
  if (!asked) {
    asked = true
    principal.value = await must(api.GET('/api/v1/session')).catch(() => null)
  }
  return principal.value
}

export async function signIn(name: string, password: string, code: string): Promise<void> {
  principal.value = await must(
    api.POST('/api/v1/session', { body: { name, password, ...(code ? { code } : {}) } }),
  )
  asked = true
}

export async function refreshSession(): Promise<void> {
  principal.value = await must(api.GET('/api/v1/session'))
}

export async function signOut(): Promise<void> {
  await must(api.DELETE('/api/v1/session')).catch(() => undefined)
  principal.value = null
}

const signedOut: (() => void)[] = []
/** Called when the server ended the session by itself. */
export function onSignedOut(listener: () => void): void {
  signedOut.push(listener)
}

onSessionEnd(() => {
  principal.value = null
  signedOut.forEach((listener) => listener())
})
