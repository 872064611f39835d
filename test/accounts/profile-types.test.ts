import { createAuth } from '@latchkey/core'
import { createOutbox, weakPasswords } from '@latchkey/core/testing'
import { authOf, authRouter, requireAuth } from '@latchkey/express-adapter'
import * as koa from '@latchkey/koa-adapter'
import { memoryStore } from '@latchkey/memory-store'
import type { Request } from 'express'
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { ORIGIN, SECRET } from '../support/setup.ts'

const base = () => ({
  secret: SECRET,
  origin: ORIGIN,
  store: memoryStore(),
  mailer: createOutbox().send,
  passwords: weakPasswords,
  maintenance: false,
})

/** A schema of no library at all. */
const ageSchema = {
  '~standard': {
    version: 1,
    vendor: 'by-hand',
    validate: (value: unknown) =>
      typeof Object(value).age === 'number'
        ? { value: { age: Number(Object(value).age) } }
        : { issues: [{ message: 'Give an age.', path: ['age'] }] },
  },
} as const

describe('the type of a profile', () => {
  const withZod = createAuth({
    ...base(),
    profile: z.object({ displayName: z.string(), gender: z.enum(['f', 'm', 'x']).optional() }),
  })
  const withStandardSchema = createAuth({ ...base(), profile: ageSchema })
  const without = createAuth(base())
  afterAll(async () => {
    for (const auth of [withZod, withStandardSchema, without]) await auth.close()
  })

  it('comes from a zod object', async () => {
    type Profile = Awaited<ReturnType<typeof withZod.loadUser>>['profile']
    expectTypeOf<Profile>().toEqualTypeOf<{
      displayName: string
      gender?: 'f' | 'm' | 'x' | undefined
    }>()
    const user = await withZod.createUser({
      email: 'ada@example.org',
      password: 'correct horse battery',
      profile: { displayName: 'Ada' },
    })
    expect(user.profile.displayName).toBe('Ada')
  })

  it('comes from any Standard Schema', async () => {
    const user = await withStandardSchema.createUser({
      email: 'ada@example.org',
      password: 'correct horse battery',
      profile: { age: 36 },
    })
    expectTypeOf(user.profile).toEqualTypeOf<{ age: number }>()
    expect(user.profile).toEqual({ age: 36 })
  })

  it('is JSON where there is no schema', () => {
    type Profile = Awaited<ReturnType<typeof without.loadUser>>['profile']
    expectTypeOf<Profile>().toExtend<Readonly<Record<string, unknown>>>()
  })

  it('refuses a member that the schema does not have', () => {
    const wrong = () =>
      withZod.register({
        email: 'ada@example.org',
        password: 'correct horse battery',
        // @ts-expect-error there is no such member
        profile: { nickname: 'Ada' },
      })
    expect(wrong).toBeTypeOf('function')
  })

  it('goes through the guards of every host to the handler', () => {
    const handler = async (request: Request) =>
      (await authOf<typeof withZod>(request).loadUser()).profile.displayName
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<string>()
    const middleware = async (ctx: koa.Context) =>
      (await koa.authOf<typeof withStandardSchema>(ctx).loadUser()).profile.age
    expectTypeOf(middleware).returns.resolves.toEqualTypeOf<number>()
    for (const auth of [withZod, withStandardSchema, without]) {
      expect(authRouter(auth)).toBeTypeOf('function')
      expect(requireAuth(auth)).toBeTypeOf('function')
    }
  })
})
