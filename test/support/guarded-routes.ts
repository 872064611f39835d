import type { Requirement } from '@latchkey/core'

/** The guarded routes of the application that every host serves beside the router. */
export const guardedRoutes: Readonly<Record<string, Requirement>> = {
  '/protected': {},
  '/staff': { role: 'staff' },
  '/accounts': { permission: 'users:read' },
  '/open': { optional: true },
  '/fresh': { maxAge: 60 },
}
