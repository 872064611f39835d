import { type AuthOptions, generateSigningKey, type PrivateJwk } from '@latchkey/core'
import { authRouter } from '@latchkey/express-adapter'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nodeBeside } from '../support/nodes.ts'
import { offlineVerifier } from '../support/offline-verifier.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, ORIGIN, type Setup, serveSetup, setUp } from '../support/setup.ts'
import { partsOf, renew } from '../support/tokens.ts'

const OLD = generateSigningKey('EdDSA')
const NEW = generateSigningKey('EdDSA')
const ELLIPTIC = generateSigningKey('ES256')

const signing = (...keys: readonly object[]) => ({ signing: { keys } })
const publicPart = ({ d, ...rest }: PrivateJwk) => rest
const kidOf = (token: string) => partsOf(token).header.kid
const refused = { code: 'invalid_token' }

/** A client that asks for its next tokens in time, as those in docs/sessions.md do. */
class Customer {
  readonly answers: number[] = []
  readonly #client: HttpClient
  #tokens: { readonly accessToken: string; readonly refreshToken: string }

  constructor(client: HttpClient, tokens: Customer['tokens']) {
    this.#client = client
    this.#tokens = tokens
  }

  get tokens() {
    return this.#tokens
  }

  async ask(times: number): Promise<void> {
    for (let asked = 0; asked < times; asked += 1) {
      this.answers.push((await this.#client.get('/protected', this.#tokens.accessToken)).status)
    }
  }

  async refresh(): Promise<void> {
    const { refreshToken } = this.#tokens
    const { status, body } = await this.#client.post('/auth/refresh', { refreshToken })
    this.answers.push(status)
    this.#tokens = body
  }
}

async function customersOf(setup: Setup, count: number): Promise<Customer[]> {
  await accountOf(setup)
  const client = await serveSetup(setup)
  return Promise.all(
    Array.from({ length: count }, async () => new Customer(client, await loginAgain(setup))),
  )
}

describe('S053 replaceSigningKeys', () => {
  it.each([
    ['another key', NEW],
    ['a key for another algorithm', ELLIPTIC],
  ])('goes to %s under load, and refuses no live token', async (_name, next) => {
    const setup = setUp(signing(OLD))
    const { auth, clock } = setup
    const customers = await customersOf(setup, 12)
    const before = customers.map(({ tokens }) => tokens.accessToken)
    /** Replaces the keys while every customer has requests under way. */
    const underLoad = async (...keys: readonly object[]) => {
      const walks = customers.map(async (customer, index) => {
        await customer.ask(4)
        if (index % 3 === 0) await customer.refresh()
        await customer.ask(4)
      })
      await customers[0]?.ask(2)
      auth.replaceSigningKeys({ keys })
      await Promise.all(walks)
    }
    await underLoad(OLD, next)
    await underLoad(next, OLD)
    clock.advance(300)
    await Promise.all(customers.map((customer) => customer.refresh()))
    clock.advance(300)
    await underLoad(next)
    const answers = customers.flatMap((customer) => customer.answers)
    expect(answers.length).toBeGreaterThan(300)
    expect(answers.filter((status) => status !== 200)).toEqual([])
    expect(new Set(customers.map(({ tokens }) => kidOf(tokens.accessToken)))).toEqual(
      new Set([next.kid]),
    )
    for (const token of before)
      await expect(auth.authenticate(token)).rejects.toMatchObject(refused)
  })

  it('signs with the new key at once, and publishes both', async () => {
    const setup = setUp(signing(OLD))
    const { session } = await accountOf(setup)
    expect(kidOf(session.accessToken)).toBe(OLD.kid)
    setup.auth.replaceSigningKeys({ keys: [NEW, OLD] })
    expect(kidOf((await loginAgain(setup)).accessToken)).toBe(NEW.kid)
    expect(setup.auth.jwks().keys).toEqual([NEW, OLD].map(publicPart))
  })

  it('takes a key out at once in an emergency: its tokens end, and no session does', async () => {
    const setup = setUp(signing(OLD))
    const { session } = await accountOf(setup)
    const client = await serveSetup(setup)
    setup.auth.replaceSigningKeys({ keys: [NEW] })
    expect((await client.get('/protected', session.accessToken)).status).toBe(401)
    const { body } = await client.post('/auth/refresh', { refreshToken: session.refreshToken })
    expect((await client.get('/protected', body.accessToken)).status).toBe(200)
    expect((await client.get('/auth/sessions', body.accessToken)).body.sessions).toHaveLength(1)
    expect(setup.auth.jwks().keys).toEqual([publicPart(NEW)])
  })

  it('verifies with the public part of a key that signs no more', async () => {
    const setup = setUp(signing(OLD))
    const { session } = await accountOf(setup)
    setup.auth.replaceSigningKeys({ keys: [NEW, publicPart(OLD)] })
    await expect(setup.auth.authenticate(session.accessToken)).resolves.toBeDefined()
  })

  it.each<[string, AuthOptions['signing'], RegExp]>([
    ['no key', { keys: [] }, /option "keys" must not be empty/],
    ['a key that is missing', { keys: [NEW, undefined] }, /option "keys\.1" is missing/],
    ['a public key alone', { keys: [publicPart(NEW)] }, /option "keys\.0" must be a private key/],
    ['a key twice', { keys: [NEW, NEW] }, /option "keys" must not name the same key twice/],
    ['another alg', { alg: 'ES256', keys: [NEW] }, /option "alg" is "ES256", but/],
    ['a list', [NEW] as never, /must be an object such as/],
    ['nothing', undefined, /must be an object such as/],
  ])('refuses %s, and goes on with the keys that it has', async (_name, given, message) => {
    const setup = setUp(signing(OLD))
    const { session } = await accountOf(setup)
    const before = setup.auth.jwks()
    expect(() => setup.auth.replaceSigningKeys(given as never)).toThrow(message)
    expect(setup.auth.jwks()).toEqual(before)
    await expect(setup.auth.authenticate(session.accessToken)).resolves.toBeDefined()
    expect(kidOf((await loginAgain(setup)).accessToken)).toBe(OLD.kid)
  })

  it('S039 brings no keys to where the secret signs', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    expect(() => setup.auth.replaceSigningKeys({ keys: [NEW] })).toThrow(
      'replaceSigningKeys: option "keys" needs the option "signing" of createAuth',
    )
    await expect(setup.auth.authenticate(session.accessToken)).resolves.toBeDefined()
  })
})

describe('S053 a rolling deploy', () => {
  const steps = [[OLD], [OLD, NEW], [NEW, OLD], [NEW]]

  it('lets nodes of two neighbouring steps work side by side', async () => {
    const first = setUp(signing(OLD))
    await accountOf(first)
    const nodes = steps.map((keys) => nodeBeside(first, 0, signing(...keys)))
    for (const [at, before] of nodes.slice(0, -1).entries()) {
      const both = [before, nodes[at + 1] ?? before]
      for (const signer of both) {
        const { accessToken, refreshToken } = await loginAgain(signer)
        for (const { auth } of both) {
          await expect(auth.authenticate(accessToken)).resolves.toBeDefined()
          await expect(auth.refresh({ refreshToken })).resolves.toBeDefined()
        }
      }
    }
  })
})

describe('S039 from a secret to keys', () => {
  it('access tokens of the secret end with the deploy, sessions and refresh tokens do not', async () => {
    const first = setUp()
    const { session } = await accountOf(first)
    const { auth } = nodeBeside(first, 0, signing(NEW))
    await expect(auth.authenticate(session.accessToken)).rejects.toMatchObject(refused)
    const tokens = await renew(auth, session)
    expect(partsOf(tokens.accessToken).header).toMatchObject({ alg: 'EdDSA', kid: NEW.kid })
    await expect(auth.authenticate(tokens.accessToken)).resolves.toBeDefined()
    await expect(first.auth.authenticate(tokens.accessToken)).rejects.toMatchObject(refused)
    await expect(renew(first.auth, tokens)).resolves.toBeDefined()
  })
})

describe('an independent client: jose, with the set that is served', () => {
  /** Serves a setup that lives in the time of everybody else, and counts who asks for the keys. */
  async function published(...keys: readonly object[]) {
    const setup = setUp({ ...signing(...keys), now: () => new Date() })
    const { session } = await accountOf(setup)
    const asked = { times: 0 }
    const app = express()
    app.use('/auth/.well-known/jwks.json', (_request, _response, next) => {
      asked.times += 1
      next()
    })
    app.use('/auth', authRouter(setup.auth))
    const host = await serve(app)
    onTestFinished(host.close)
    const verify = offlineVerifier(ORIGIN, `${host.url}/auth/.well-known/jwks.json`)
    return { setup, session, asked, verify }
  }

  it.each([OLD, ELLIPTIC])('S053 verifies tokens under $alg, and asks once', async (key) => {
    const { session, asked, verify } = await published(key)
    for (let times = 0; times < 3; times += 1) {
      expect(await verify(session.accessToken)).toMatchObject({
        sub: session.user.id,
        sid: session.sessionId,
        roles: ['user'],
      })
    }
    expect(asked.times).toBe(1)
  })

  it('S053 goes through a rotation with a set that it read before it', async () => {
    const { setup, session, asked, verify } = await published(OLD, NEW)
    await verify(session.accessToken)
    setup.auth.replaceSigningKeys({ keys: [NEW, OLD] })
    const { accessToken } = await loginAgain(setup)
    expect(kidOf(accessToken)).toBe(NEW.kid)
    await expect(verify(accessToken)).resolves.toBeDefined()
    await expect(verify(session.accessToken)).resolves.toBeDefined()
    setup.auth.replaceSigningKeys({ keys: [NEW] })
    await expect(verify((await loginAgain(setup)).accessToken)).resolves.toBeDefined()
    expect(asked.times).toBe(1)
  })

  it('is why a key is published before it signs: one that was not is unknown elsewhere', async () => {
    const { setup, session, verify } = await published(OLD)
    await verify(session.accessToken)
    setup.auth.replaceSigningKeys({ keys: [NEW, OLD] })
    const { accessToken } = await loginAgain(setup)
    await expect(verify(accessToken)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
    await expect(setup.auth.authenticate(accessToken)).resolves.toBeDefined()
  })

  it('S047 sees no logout before the token expires, which we do', async () => {
    const { setup, session, verify } = await published(OLD)
    await setup.auth.logout(session.accessToken)
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toMatchObject(refused)
    await expect(verify(session.accessToken)).resolves.toBeDefined()
  })

  it('S045 S046 refuses what is no access token for it', async () => {
    const { session, verify } = await published(OLD)
    const forged = session.accessToken.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    for (const token of [session.refreshToken, forged, 'nonsense']) {
      await expect(verify(token)).rejects.toThrow()
    }
    const other = setUp({ ...signing(OLD), now: () => new Date(), origin: 'https://other.example' })
    const { session: foreign } = await accountOf(other)
    await expect(verify(foreign.accessToken)).rejects.toMatchObject({ claim: 'iss' })
  })
})
