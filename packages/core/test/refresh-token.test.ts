import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAuthentic, parseRefreshToken, refreshTokenOf } from '../src/tokens/refresh-token.ts'
import { hkdf, OTHER_SECRET, SECRET, session, tokenContext } from './support/token-context.ts'

const { ctx } = tokenContext()
const genuine = refreshTokenOf(ctx, session())

/** Whether a token leads to the session and is taken for one of its own. */
function passes(token: string, owner = session(), context = ctx): boolean {
  const presented = parseRefreshToken(token)
  if (presented === null || presented.sessionId !== owner.id) return false
  return isAuthentic(context, presented, owner)
}

describe('S056 the refresh token', () => {
  it('names key, session and generation, and proves them by a MAC over all and the salt', () => {
    const { id, salt } = session()
    const mac = createHmac('sha256', hkdf(SECRET, 'latchkey/1 refresh token', 32))
      .update(`lk1|${id}|1|${salt}`)
      .digest('base64url')
    expect(genuine).toBe(`lk1.${ctx.keys.current.id}.${id}.1.${mac}`)
  })

  it('is the same in every release: another value here logs everybody out', () => {
    expect(genuine.split('.').at(-1)).toBe('XPVQjrRXwmz7J9HXhU4dCBKYAD3TbxCFKStxcQE0cx0')
  })

  it('is the same however often it is made', () => {
    expect(refreshTokenOf(ctx, session())).toBe(genuine)
  })

  it('is another for another generation, session, salt and secret', () => {
    const id = '0195f0a0-0000-7000-8000-000000000002'
    const tokens = [
      genuine,
      refreshTokenOf(ctx, session({ generation: 2 })),
      refreshTokenOf(ctx, session({ id })),
      refreshTokenOf(ctx, session({ salt: 'BBBBBBBBBBBBBBBBBBBBBB' })),
      refreshTokenOf(tokenContext({}, [OTHER_SECRET]).ctx, session()),
    ]
    expect(new Set(tokens.map((token) => token.split('.').at(-1))).size).toBe(5)
  })
})

describe('taking a token apart', () => {
  it('gives back what it was made of', async () => {
    const generation = fc.integer({ min: 1, max: 999_999_999 })
    await fc.assert(
      fc.property(generation, fc.uuid({ version: 7 }), (generation, id) => {
        const token = refreshTokenOf(ctx, session({ id, generation }))
        expect(parseRefreshToken(token)).toMatchObject({
          keyId: ctx.keys.current.id,
          sessionId: id,
          generation,
        })
        expect(passes(token, session({ id, generation }))).toBe(true)
      }),
    )
  })

  it.each([
    '',
    'lk1',
    'lk1....',
    genuine.replace('lk1', 'lk2'),
    genuine.replace('lk1', 'LK1'),
    genuine.replace('.1.', '.0.'),
    genuine.replace('.1.', '.01.'),
    genuine.replace('.1.', '.-1.'),
    genuine.replace('.1.', '.1e3.'),
    genuine.replace('.1.', '.1234567890.'),
    genuine.replace(session().id, session().id.toUpperCase()),
    `${genuine}=`,
    `${genuine}\n`,
    `${genuine} `,
    ` ${genuine}`,
    `${genuine}.`,
    `${genuine}${genuine}`,
    'lk1.'.repeat(100_000),
  ])('S043 refuses another form: %j', (token) => {
    expect(parseRefreshToken(token)).toBeNull()
  })
})

describe('S056 S107 nobody can make one', () => {
  it('by changing any character of a genuine one', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'
    const passed = [...genuine].flatMap((original, at) =>
      [...alphabet]
        .filter((character) => character !== original)
        .map((character) => genuine.slice(0, at) + character + genuine.slice(at + 1))
        .filter((token) => passes(token, session({ generation: 9 }))),
    )
    expect(passed).toEqual([])
  })

  it('by taking the MAC of another generation', () => {
    const later = refreshTokenOf(ctx, session({ generation: 3 }))
      .split('.')
      .at(-1)
    const forged = [...genuine.split('.').slice(0, -1), later].join('.')
    expect(passes(forged, session({ generation: 3 }))).toBe(false)
  })

  it('by taking the token of another session', () => {
    const other = session({ id: '0195f0a0-0000-7000-8000-000000000002' })
    const forged = refreshTokenOf(ctx, other).replace(other.id, session().id)
    expect(passes(forged)).toBe(false)
  })

  it('for a generation that is still to come', () => {
    const next = refreshTokenOf(ctx, session({ generation: 2 }))
    expect(passes(next)).toBe(false)
    expect(passes(next, session({ generation: 2 }))).toBe(true)
  })

  it('under the key id of another secret', () => {
    const both = tokenContext({}, [OTHER_SECRET, SECRET]).ctx
    const relabelled = genuine.replace(ctx.keys.current.id, both.keys.current.id)
    expect(passes(genuine, session(), both)).toBe(true)
    expect(passes(relabelled, session(), both)).toBe(false)
  })
})
