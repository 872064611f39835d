import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VerifiedToken } from '../src/context.ts'
import { Revocations } from '../src/revocation.ts'

interface Claims {
  readonly user?: string
  readonly session?: string
  readonly epoch?: number
  readonly cv?: number
}

function confirmed(since: number, { user = 'u', session = 's', epoch = 1, cv = 1 }: Claims = {}) {
  const principal = {
    user: { id: user, roles: [] },
    session: { id: session, authTime: new Date(0), amr: [] },
    actor: null,
  }
  const token: VerifiedToken = {
    principal,
    expiresAt: 0,
    credentialEpoch: epoch,
    claimsVersion: cv,
    since,
  }
  return token
}

describe('what was heard of revocations', () => {
  it('says nothing of others', () => {
    const heard = new Revocations()
    heard.endSession('another')
    heard.changeUser({ id: 'another', credentialEpoch: 9, claimsVersion: 9 })
    heard.doubtUser('a third')
    expect(heard.verdictOn(confirmed(0))).toBe('stands')
  })

  it('S047 ends the tokens of a session, whenever they were confirmed', () => {
    const heard = new Revocations()
    heard.endSession('s')
    expect(heard.verdictOn(confirmed(0))).toBe('ended')
    expect(heard.verdictOn(confirmed(heard.position))).toBe('ended')
  })

  it('S047 ends tokens under older credentials, and only those', () => {
    const heard = new Revocations()
    heard.changeUser({ id: 'u', credentialEpoch: 2, claimsVersion: 1 })
    expect(heard.verdictOn(confirmed(0))).toBe('ended')
    expect(heard.verdictOn(confirmed(0, { epoch: 2 }))).toBe('stands')
  })

  it('S090 outdates tokens with older claims, and only those', () => {
    const heard = new Revocations()
    heard.changeUser({ id: 'u', credentialEpoch: 1, claimsVersion: 2 })
    expect(heard.verdictOn(confirmed(0))).toBe('outdated')
    expect(heard.verdictOn(confirmed(0, { cv: 2 }))).toBe('stands')
  })

  it('keeps the larger of two counters, in whatever order they come', () => {
    const heard = new Revocations()
    heard.changeUser({ id: 'u', credentialEpoch: 3, claimsVersion: 1 })
    heard.changeUser({ id: 'u', credentialEpoch: 2, claimsVersion: 2 })
    expect(heard.verdictOn(confirmed(0, { epoch: 2, cv: 2 }))).toBe('ended')
    expect(heard.verdictOn(confirmed(0, { epoch: 3, cv: 1 }))).toBe('outdated')
    expect(heard.verdictOn(confirmed(0, { epoch: 3, cv: 2 }))).toBe('stands')
  })

  it('doubts what was confirmed before, not what is confirmed afterwards', () => {
    const heard = new Revocations()
    const before = confirmed(heard.position)
    heard.doubtUser('u')
    expect(heard.verdictOn(before)).toBe('doubtful')
    const after = confirmed(heard.position)
    expect(heard.verdictOn(after)).toBe('stands')
    heard.beginAnew()
    expect(heard.verdictOn(after)).toBe('unheard')
    expect(heard.verdictOn(confirmed(heard.position))).toBe('stands')
  })

  it('hears an entry that comes again as nothing new', () => {
    const heard = new Revocations()
    heard.endSession('x')
    heard.changeUser({ id: 'x', credentialEpoch: 2, claimsVersion: 2 })
    const { position } = heard
    heard.endSession('x')
    heard.changeUser({ id: 'x', credentialEpoch: 2, claimsVersion: 1 })
    expect(heard.position).toBe(position)
  })

  it('may forget, but never lets stand what it would have refused', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const step = fc.oneof(
      fc.record({ verb: fc.constant('end' as const), id }),
      fc.record({ verb: fc.constant('doubt' as const), id }),
      fc.record({ verb: fc.constant('confirm' as const), id }),
      fc.record({ verb: fc.constant('change' as const), id }),
    )
    const run = (steps: readonly { verb: string; id: string }[]) => {
      const [small, large] = [new Revocations(3), new Revocations(1_000_000)]
      const epochs = new Map<string, number>()
      const tokens: { small: VerifiedToken; large: VerifiedToken }[] = []
      let count = 0
      for (const { verb, id: user } of steps) {
        count += 1
        const epoch = epochs.get(user) ?? 1
        if (verb === 'confirm') {
          const claims = { user, session: `${user} ${count}`, epoch }
          tokens.push({
            small: confirmed(small.position, claims),
            large: confirmed(large.position, claims),
          })
        }
        for (const heard of [small, large]) {
          if (verb === 'end') {
            for (const { large: token } of tokens) {
              if (token.principal.user.id === user) heard.endSession(token.principal.session.id)
            }
          }
          if (verb === 'doubt') heard.doubtUser(user)
          if (verb === 'change') {
            heard.changeUser({ id: user, credentialEpoch: epoch + 1, claimsVersion: 1 })
          }
        }
        if (verb === 'change') epochs.set(user, epoch + 1)
        for (const token of tokens) {
          const [bounded, whole] = [small.verdictOn(token.small), large.verdictOn(token.large)]
          expect(bounded === 'stands' ? whole : 'stands').toBe('stands')
        }
      }
    }
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), run))
  })
})
