import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import { createOutbox, type Outbox, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { ORIGIN, PASSWORD, SECRET, tokenIn } from '../support/setup.ts'

const schema = z.object({
  displayName: z.string().min(1).max(80).default('Nobody'),
  gender: z.enum(['f', 'm', 'x']).optional(),
  tags: z.array(z.string()).optional(),
  credit: z.number().optional(),
  note: z.string().optional(),
})

const profileRules = {
  credit: { write: 'administrator' },
  note: { read: 'administrator', write: 'administrator' },
} as const

interface Setup {
  readonly auth: Auth<z.output<typeof schema>>
  readonly outbox: Outbox
  readonly errors: unknown[]
}

function setUp(options: Partial<AuthOptions<z.output<typeof schema>>> = {}): Setup {
  const outbox = createOutbox()
  const errors: unknown[] = []
  const auth = createAuth({
    secret: SECRET,
    origin: ORIGIN,
    store: memoryStore(),
    mailer: outbox.send,
    passwords: weakPasswords,
    maintenance: false,
    onError: (error) => errors.push(error),
    profile: schema,
    profileRules,
    ...options,
  })
  onTestFinished(() => auth.close())
  return { auth, outbox, errors }
}

type Given = Record<string, unknown>

/** As it comes from outside: of any shape. */
const unchecked = (profile: unknown) => profile as Given

async function memberOf({ auth, outbox }: Setup, profile: Given = {}) {
  const email = 'ada@example.org'
  await auth.register({ email, password: PASSWORD, profile: unchecked(profile) })
  await auth.activate({ token: tokenIn((await outbox.next('activate', email)).link) })
  const { accessToken, user } = await auth.login({ identifier: email, password: PASSWORD })
  return { user, principal: await auth.authenticate(accessToken) }
}

const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: unknown) => error,
  )

describe('the profile of a registration', () => {
  it('is on the account once it is activated, as the schema made it', async () => {
    const { user } = await memberOf(setUp(), { gender: 'f', unknown: 1 })
    expect(user.profile).toEqual({ displayName: 'Nobody', gender: 'f' })
  })

  it.each([
    ['a value of another type', { displayName: 7 }, '/profile/displayName', 'invalid'],
    ['a value deep inside', { tags: ['a', 7] }, '/profile/tags/1', 'invalid'],
    ['half a character', { displayName: '\ud800' }, '/profile', 'invalid'],
    ['U+0000', { displayName: 'a\u0000b' }, '/profile', 'invalid'],
    ['more than 8 KiB', { tags: ['x'.repeat(9000)] }, '/profile', 'too_long'],
    [
      'S011 a member that is for administrators',
      { credit: 1 },
      '/profile/credit',
      'unknown_member',
    ],
    ['S011 one that the owner may not even see', { note: 'x' }, '/profile/note', 'unknown_member'],
  ])('is refused with %s', async (_, profile, pointer, code) => {
    const { auth } = setUp()
    const input = { email: 'ada@example.org', password: PASSWORD, profile: unchecked(profile) }
    expect(await refusalOf(auth.register(input))).toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer, code }],
    })
  })

  it('is refused where accounts have none', async () => {
    const { auth } = setUp({ profile: undefined, profileRules: {} })
    const input = { email: 'ada@example.org', password: PASSWORD, profile: { displayName: 'Ada' } }
    expect(await refusalOf(auth.register(input))).toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/profile', code: 'unknown_member' }],
    })
  })

  it('S098 can poison no prototype', async () => {
    const profile = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    )
    const { user } = await memberOf(setUp(), profile)
    expect(user.profile).toEqual({ displayName: 'Nobody' })
    expect('polluted' in {}).toBe(false)
    expect('polluted' in user.profile).toBe(false)
  })

  it('S021 of a stranger dies with their registration', async () => {
    const setup = setUp()
    const email = 'ada@example.org'
    await setup.auth.register({
      email,
      password: 'a stranger chose this',
      profile: { displayName: 'Mallory' },
    })
    await setup.outbox.next('activate', email)
    await setup.auth.register({ email, password: PASSWORD, profile: { displayName: 'Ada' } })
    const { link } = await setup.outbox.next('activate_again', email)
    const user = await setup.auth.activate({ token: tokenIn(link) })
    expect(user.profile.displayName).toBe('Ada')
  })
})

describe('a change of the profile', () => {
  it('replaces members, keeps those that it does not name, and takes away what is null', async () => {
    const setup = setUp()
    const { principal } = await memberOf(setup, {
      displayName: 'Ada',
      gender: 'f',
      tags: ['a', 'b'],
    })
    const changed = await setup.auth.updateAccount(principal, {
      profile: unchecked({ gender: null, tags: ['c'] }),
    })
    expect(changed.profile).toEqual({ displayName: 'Ada', tags: ['c'] })
  })

  it('lets the schema judge the whole of it', async () => {
    const whole = z
      .object({ from: z.number(), to: z.number() })
      .refine(({ from, to }) => from <= to, { path: ['to'], error: 'Must not be before "from".' })
    const outbox = createOutbox()
    const auth = createAuth({
      secret: SECRET,
      origin: ORIGIN,
      store: memoryStore(),
      mailer: outbox.send,
      passwords: weakPasswords,
      maintenance: false,
      profile: whole,
    })
    onTestFinished(() => auth.close())
    const identity = { email: 'ada@example.org', password: PASSWORD }
    await auth.createUser({ ...identity, profile: { from: 1, to: 5 } })
    const login = await auth.login({ identifier: identity.email, password: PASSWORD })
    const principal = await auth.authenticate(login.accessToken)
    const attempt = auth.updateAccount(principal, { profile: { from: 9 } })
    expect(await refusalOf(attempt)).toMatchObject({
      errors: [{ pointer: '/profile/to', code: 'invalid', detail: 'Must not be before "from".' }],
    })
  })

  it('hides from the owner what is for administrators, in every answer', async () => {
    const setup = setUp()
    const { principal, user } = await memberOf(setup)
    await setup.auth.updateUser('system', user.id, { profile: { note: 'pays late', credit: 3 } })
    const own = await setup.auth.loadUser(principal)
    expect(own.profile).toEqual({ displayName: 'Nobody', credit: 3 })
    const seen = await setup.auth.readUser('system', user.id)
    expect(seen.profile).toEqual({ displayName: 'Nobody', credit: 3, note: 'pays late' })
    const changed = await setup.auth.updateAccount(principal, { profile: { gender: 'x' } })
    expect(changed.profile).toEqual({ displayName: 'Nobody', credit: 3, gender: 'x' })
    expect((await setup.auth.readUser('system', user.id)).profile).toHaveProperty('note')
  })
})

describe('a schema', () => {
  it('whose output is no JSON is a failure of the application, not of the client', async () => {
    const dates = {
      '~standard': {
        version: 1,
        vendor: 'by-hand',
        validate: () => ({ value: { born: new Date() } }),
      },
    } as const
    const auth = createAuth({
      secret: SECRET,
      origin: ORIGIN,
      store: memoryStore(),
      mailer: () => {},
      passwords: weakPasswords,
      maintenance: false,
      profile: dates,
    })
    onTestFinished(() => auth.close())
    const attempt = auth.register({ email: 'ada@example.org', password: PASSWORD, profile: {} })
    await expect(attempt).rejects.toThrow('must be JSON')
  })

  it.each([[{}], [{ validate: () => ({}) }], ['z.object({})'], [null]])(
    'is refused at construction when it is %j',
    (profile) => {
      expect(() => setUp({ profile: profile as never })).toThrow(
        'createAuth: option "profile" must be a schema',
      )
    },
  )

  it('gets whatever a client sends, and nothing of it is ever a failure', async () => {
    const { auth, errors } = setUp({ activation: 'none' })
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (profile) => {
        number += 1
        const email = `user${number}@example.org`
        const refusal = await refusalOf(
          auth.register({ email, password: PASSWORD, profile: unchecked(profile) }),
        )
        expect(refusal === null || Object(refusal).code === 'invalid_input').toBe(true)
      }),
      { numRuns: 200 },
    )
    expect(errors).toEqual([])
  })

  it('S098 that lets everything through makes no failure of what nothing can store', async () => {
    const deep = (depth: number) => JSON.parse(`{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    for (const lax of [z.looseObject({}), z.record(z.string(), z.json())]) {
      const { auth, errors } = setUp({ profile: lax as never })
      for (const profile of [JSON.parse('{"x":1e999}'), deep(8), deep(7000)]) {
        const attempt = auth.register({ email: 'ada@example.org', password: PASSWORD, profile })
        expect(await refusalOf(attempt)).toMatchObject({ code: 'invalid_input' })
      }
      expect(errors).toEqual([])
    }
  })
})
