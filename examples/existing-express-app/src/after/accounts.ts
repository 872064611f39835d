import type { DatabaseSync } from 'node:sqlite'
import { type Auth, AuthError, type AuthOptions, createAuth } from '@latchkey/core'
import { authOf } from '@latchkey/express-adapter'
import { sqlStore } from '@latchkey/sql-store'
import type { RequestHandler } from 'express'
import { HttpError } from '../errors.ts'

/** Accounts in the file of the members, in tables of their own. */
export async function openAccounts(
  database: DatabaseSync,
  options: Omit<AuthOptions, 'store'>,
): Promise<Auth> {
  const store = sqlStore({ sqlite: database, tablePrefix: 'auth_' })
  await store.migrate()
  const page = '/account.html#token={token}'
  return createAuth({ store, links: { activate: page, resetPassword: page }, ...options })
}

/** Makes the administrator; at later starts, leaves the account as it is. */
export async function addAdministrator(auth: Auth, email: string, password: string): Promise<void> {
  await auth.createUser({ email, password, roles: ['user', 'admin'] }).catch((error) => {
    if (!(error instanceof AuthError) || error.code !== 'email_taken') throw error
  })
}

/** Lets members change their own profile only. Put it behind `requireAuth`. */
export function ownProfile(database: DatabaseSync): RequestHandler<{ id: string }> {
  const link = database.prepare(
    'update or ignore members set user_id = ? where email = ? and user_id is null',
  )
  const own = database.prepare('select 1 from members where id = ? and user_id = ?')
  return async (request, _response, next) => {
    const { id, email, emailVerified } = await authOf(request).loadUser()
    // Anybody can register anybody's address. Only who has shown to read its mail is that member.
    if (email !== null && emailVerified) link.run(id, email)
    if (own.get(request.params.id, id) === undefined) throw new HttpError(403, 'This is not yours.')
    next()
  }
}
