import type { Settings } from './context.ts'
import { inputError } from './errors.ts'

/** What an administrator may do. An application adds permissions of its own. */
export const adminPermissions = {
  'users:read': 'list and view accounts',
  'users:write': 'invite, change, disable, enable and delete accounts, and end their sessions',
  'users:roles': 'give and take roles',
  'users:export': 'export accounts',
  'users:import': 'import accounts',
  'users:impersonate': 'act as somebody else',
  'events:read': 'read the audit log',
} as const

/** The name of a permission that routes of Latchkey ask for. */
export type AdminPermission = keyof typeof adminPermissions

type Ranks = Pick<Settings, 'roles'>
type Rights = Pick<Settings, 'roles' | 'permissions'>

/** The role that administers: the last and most powerful one. */
export function adminRole({ roles }: Ranks): string {
  return roles.at(-1) ?? ''
}

/** The place of the most powerful of these roles in the list, `-1` for none. A role that is not in the list counts for nothing (S086). */
export function rankOf({ roles }: Ranks, held: readonly string[]): number {
  return Math.max(-1, ...held.map((role) => roles.indexOf(role)))
}

/** Whether one of these roles allows it. The last role of the list allows everything. */
export function isAllowed(rights: Rights, held: readonly string[], permission: string): boolean {
  const admin = adminRole(rights)
  return held.some(
    (role) => role === admin || (rights.permissions.get(role)?.has(permission) ?? false),
  )
}

/** Every permission that some role may have. */
export function knownPermissions({ permissions }: Rights): ReadonlySet<string> {
  const granted = [...permissions.values()].flatMap((some) => [...some])
  return new Set([...Object.keys(adminPermissions), ...granted])
}

/** Throws `invalid_input` unless every role is one of the list. */
export function refuseUnknownRoles({ roles }: Ranks, asked: readonly string[]): void {
  if (asked.every((role) => roles.includes(role))) return
  throw inputError('/roles', 'unknown_role', `Give none but ${roles.join(', ')}.`)
}
