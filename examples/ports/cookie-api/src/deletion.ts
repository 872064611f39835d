import { domainToASCII } from 'node:url'
import { type Auth, AuthError } from '@latchkey/core'
import { authOf, clientOf } from '@latchkey/core/node'
import type { RequestHandler } from 'express'
import type { Profile } from './accounts.ts'
import { answer, handOver } from './answers.ts'

const DELETED = { done: 'delete successful!', members: {} }

/** Deletes the account with the address that the body names: one's own, or for administrators any. */
export function deletion(auth: Auth<Profile>): RequestHandler {
  return async (request, response) => {
    const by = authOf<typeof auth>(request)
    const client = clientOf(auth, request)
    const { email: own } = await by.loadUser()
    const { email } = Object(request.body)
    const named = comparable(email)
    if (named === null) throw new AuthError('invalid_input')
    if (named === comparable(own)) {
      await auth.deleteAccount(by, { recentLogin: true }, client)
      return answer(request, response, await handOver(auth, request, '/logout'), DELETED)
    }
    // Refuses who is no administrator before it looks whether there is such an account.
    const [found] = (await auth.listUsers(by, { search: named, sort: 'email', limit: 1 }, client))
      .users
    if (found === undefined || comparable(found.email) !== named) throw new AuthError('not_found')
    await auth.deleteUser(by, found.id, client)
    response.json({ msg: DELETED.done })
  }
}

/** One form for every spelling of an address, as Latchkey compares them: `BÜCHER.example` is `xn--bcher-kva.example`. */
function comparable(email: unknown): string | null {
  if (typeof email !== 'string') return null
  const [, local = '', domain = ''] = /^([^@]+)@([^@]+)$/.exec(email) ?? []
  const ascii = domainToASCII(domain)
  return ascii === '' ? null : `${local.toLowerCase()}@${ascii}`
}
