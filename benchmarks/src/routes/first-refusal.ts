import { setTimeout as pause } from 'node:timers/promises'
import type { RouteProcess } from './route-process.ts'

const PROBE_MS = 4

/** Milliseconds from the answer to a logout until the route refuses the session; `null` where it goes on that long. */
export async function firstRefusal(
  where: { readonly loggedOutAt: RouteProcess; readonly calledAt: RouteProcess },
  session: Readonly<Record<string, string>>,
  patienceMs: number,
): Promise<number | null> {
  const { loggedOutAt, calledAt } = where
  const call = () => fetch(`${calledAt.url}/protected`, { headers: session })
  if ((await call()).status !== 200) throw new Error('the route refuses a session that lives')
  const { ok, status } = await fetch(`${loggedOutAt.url}${loggedOutAt.logout}`, {
    method: 'POST',
    headers: session,
  })
  if (!ok) throw new Error(`the logout was answered ${status}`)
  const start = performance.now()
  while (performance.now() - start < patienceMs) {
    const asked = performance.now()
    if ((await call()).status === 401) return asked - start
    await pause(PROBE_MS)
  }
  return null
}
