import { ConfigurationError } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import { nodeBeside } from '../support/nodes.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'
import { partsOf, renew, signed } from '../support/tokens.ts'

const OLD = 'the-old-secret-0123456789-abcdefghijklmno'
const NEW = 'the-new-secret-9876543210-onmlkjihgfedcba'

const node = (first: Setup, ...secrets: string[]) => nodeBeside(first, 0, { secrets })

describe('S053 a change of the secret', () => {
  it('goes from [old] by [old, new] and [new, old] to [new], and refuses no live token', async () => {
    const first = setUp({ secrets: [OLD] })
    const { session } = await accountOf(first)
    const rollout = [[OLD], [OLD, NEW], [NEW, OLD]].map((secrets) => node(first, ...secrets))
    let tokens = await renew(first.auth, session)
    for (const { auth } of rollout) {
      await expect(auth.authenticate(tokens.accessToken)).resolves.toBeDefined()
      first.clock.advance(600)
      tokens = await renew(auth, tokens)
    }
    const last = node(first, NEW)
    await expect(last.auth.authenticate(tokens.accessToken)).resolves.toBeDefined()
    first.clock.advance(600)
    await expect(renew(last.auth, tokens)).resolves.toBeDefined()
  })

  it('lets nodes of two neighbouring steps work side by side', async () => {
    const first = setUp({ secrets: [OLD] })
    await accountOf(first)
    const steps = [[OLD], [OLD, NEW], [NEW, OLD], [NEW]].map((secrets) => node(first, ...secrets))
    for (const [at, before] of steps.slice(0, -1).entries()) {
      const both = [before, steps[at + 1] ?? before]
      for (const signer of both) {
        const { accessToken, refreshToken } = await loginAgain(signer)
        for (const { auth } of both) {
          await expect(auth.authenticate(accessToken)).resolves.toBeDefined()
          await expect(auth.refresh({ refreshToken })).resolves.toBeDefined()
        }
      }
    }
  })

  it('signs with the first secret at once', async () => {
    const first = setUp({ secrets: [OLD] })
    const { session } = await accountOf(first)
    const rotated = node(first, NEW, OLD)
    const tokens = await renew(rotated.auth, session)
    const only = node(first, NEW)
    await expect(only.auth.authenticate(tokens.accessToken)).resolves.toBeDefined()
    await expect(only.auth.authenticate(session.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })

  it('ends the tokens of a secret that is no longer listed, and never the session', async () => {
    const first = setUp({ secrets: [OLD] })
    const { session } = await accountOf(first)
    const { auth, store } = node(first, NEW)
    const refused = { code: 'invalid_token' }
    await expect(auth.authenticate(session.accessToken)).rejects.toMatchObject(refused)
    await expect(renew(auth, session)).rejects.toMatchObject(refused)
    await expect(auth.logout(session.accessToken)).rejects.toMatchObject(refused)
    await expect(auth.logout(session.refreshToken)).rejects.toMatchObject(refused)
    await auth.revoke({ token: session.refreshToken })
    expect((await store.sessions.find(session.sessionId))?.session.revokedAt).toBeNull()
    await expect(renew(first.auth, session)).resolves.toBeDefined()
  })

  it('converges tabs that meet different nodes on one generation', async () => {
    const first = setUp({ secrets: [OLD] })
    const { session } = await accountOf(first)
    const nodes = [node(first, OLD, NEW), node(first, NEW, OLD)]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        renew(nodes[index % 2]?.auth ?? first.auth, session),
      ),
    )
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(2)
    const found = await first.store.sessions.find(session.sessionId)
    expect(found?.session.generation).toBe(2)
    first.clock.advance(20)
    for (const tokens of answers) {
      for (const { auth } of nodes) await expect(renew(auth, tokens)).resolves.toBeDefined()
    }
  })

  it('refuses the right key under the id of another', async () => {
    const first = setUp({ secrets: [OLD] })
    const { session } = await accountOf(first)
    const both = node(first, NEW, OLD)
    const fresh = await loginAgain(both)
    const { header, claims } = partsOf(session.accessToken)
    const { kid } = partsOf(fresh.accessToken).header
    const [header64, payload64] = signed({ ...header, kid }, claims).split('.')
    const relabelled = [header64, payload64, session.accessToken.split('.')[2]].join('.')
    await expect(both.auth.authenticate(relabelled)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })

  it('leaves links and codes of a mail valid', async () => {
    const first = setUp({ secrets: [OLD] })
    await first.auth.register({ email: 'ada@example.com', password: PASSWORD })
    const { link } = await first.outbox.next('activate', 'ada@example.com')
    await node(first, NEW, OLD).auth.activate({ token: tokenIn(link) })
    await first.auth.forgotPassword({ identifier: 'ada@example.com' })
    const { code = '' } = await first.outbox.next('reset_password', 'ada@example.com')
    const reset = { identifier: 'ada@example.com', code, newPassword: 'another horse battery' }
    await expect(node(first, NEW, OLD).auth.resetPassword(reset)).resolves.toBeUndefined()
  })
})

describe('S054 a secret', () => {
  it.each([
    ['of 31 bytes', { secret: OLD.slice(0, 31) }, 'secret'],
    ['of one word', { secret: 'secret' }, 'secret'],
    ['that is empty', { secret: '' }, 'secret'],
    ['that repeats a few characters', { secret: 'abcabcabc'.repeat(8) }, 'secret'],
    ['that is short in a list', { secrets: [OLD, 'short'] }, 'secrets.1'],
    ['that stands twice in a list', { secrets: [OLD, OLD] }, 'secrets'],
    ['beside a list', { secret: OLD, secrets: [NEW] }, 'secrets'],
    ['of a list without any', { secrets: [] }, 'secrets'],
  ])(
    '%s is refused at the start, and not repeated in the words of the refusal',
    (_name, options, option) => {
      const refusal = refusalOf(() => setUp(options))
      expect(refusal).toBeInstanceOf(ConfigurationError)
      expect(refusal).toMatchObject({ option })
      for (const secret of [OLD, NEW]) expect(String(refusal)).not.toContain(secret)
    },
  )

  it('counts in bytes, not in characters', () => {
    expect(refusalOf(() => setUp({ secret: 'äöüßéèêñçåøæāēīōū' }))).toBeNull()
  })
})

function refusalOf(attempt: () => unknown): unknown {
  try {
    attempt()
    return null
  } catch (error) {
    return error
  }
}
