import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csrfTokenFor, isCsrfTokenOf } from '../src/tokens/csrf-token.ts'
import { hkdf, OTHER_SECRET, SECRET, tokenContext } from './support/token-context.ts'

const ID = '0195f0a0-0000-7000-8000-000000000001'
const OTHER_ID = '0195f0a0-0000-7000-8000-000000000002'
const { ctx } = tokenContext()

describe('S071 the CSRF token', () => {
  it('is a MAC over the session and chance, under a key of its own', () => {
    const [random, tag] = csrfTokenFor(ctx, ID).split('.')
    const mac = createHmac('sha256', hkdf(SECRET, 'latchkey/1 csrf token', 32))
      .update(`csrf1|${ID}|${random}`)
      .digest('base64url')
    expect([random?.length, tag]).toEqual([22, mac])
  })

  it('is the same in every release: another key here breaks every page that is open', () => {
    const known = 'AAAAAAAAAAAAAAAAAAAAAA.RqOi42rgs5u79wXF2NadOeW7OYVUKMY4h-eDj5TFnVU'
    expect(isCsrfTokenOf(ctx, ID, known)).toBe(true)
  })

  it('is another one each time, and all of them are good', () => {
    const tokens = Array.from({ length: 100 }, () => csrfTokenFor(ctx, ID))
    expect(new Set(tokens).size).toBe(100)
    expect(tokens.every((token) => isCsrfTokenOf(ctx, ID, token))).toBe(true)
  })

  it('is good for its own session only, under our secrets only', () => {
    const token = csrfTokenFor(ctx, ID)
    expect(isCsrfTokenOf(ctx, OTHER_ID, token)).toBe(false)
    expect(isCsrfTokenOf(tokenContext({}, [OTHER_SECRET]).ctx, ID, token)).toBe(false)
    expect(isCsrfTokenOf(tokenContext({}, [OTHER_SECRET, SECRET]).ctx, ID, token)).toBe(true)
  })

  it('is no other text, however near', async () => {
    const token = csrfTokenFor(ctx, ID)
    const changes = fc.tuple(fc.nat(token.length - 1), fc.string({ maxLength: 2 }))
    const near = changes
      .map(([at, text]) => token.slice(0, at) + text + token.slice(at + 1))
      .filter((text) => text !== token)
    await fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        expect(isCsrfTokenOf(ctx, ID, text)).toBe(false)
      }),
    )
  })
})
