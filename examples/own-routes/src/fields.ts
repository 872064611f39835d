import { AuthError } from '@latchkey/core'
import type { Request } from 'express'

/** These members of the body, all of which must be strings. What they may say is for Latchkey to judge. */
export function strings<Name extends string>(
  request: Request,
  ...names: readonly Name[]
): Record<Name, string> {
  const body: Record<string, unknown> = Object(request.body)
  const errors = names
    .filter((name) => typeof body[name] !== 'string')
    .map((name) => ({ pointer: `/${name}`, code: 'required' as const, detail: 'Give a string.' }))
  if (errors.length > 0) throw new AuthError('invalid_input', { errors })
  // Only these: what else the body has is nobody's business.
  return Object.fromEntries(names.map((name) => [name, body[name]])) as Record<Name, string>
}

/** Whether the body has this member. */
export function has(request: Request, name: string): boolean {
  return Object(request.body)[name] !== undefined
}
