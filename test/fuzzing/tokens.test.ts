import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentOf, type LocatedOperation, operationsOf } from '../support/openapi-traffic.ts'
import { ORIGIN } from '../support/setup.ts'
import { effort, patience } from './effort.ts'
import type { Schema } from './inputs.ts'
import { foreignTokens, knownTexts, ownTokens } from './people.ts'
import { type Framework, type Stage, setStage } from './stage.ts'
import { mutatedToken, type ShownToken, textOf } from './tokens.ts'
import { expectSound } from './verdict.ts'

const RUNS = 600

/** Where a token may be shown: in the header, or as a member of a body that is right but for it. */
interface Place extends Pick<LocatedOperation, 'operationId' | 'method' | 'path'> {
  /** Whether it wants a session, whatever else it takes. */
  readonly isOwn: boolean
  readonly member: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** Where a token of that kind is taken, as long as nobody changes it. */
const rightPlaces: Readonly<Record<string, string>> = {
  access: 'readMe',
  refresh: 'refresh',
  reset: 'resetPassword',
  change: 'confirmEmail',
}

/** What says the same of every token, whether it ever was one: RFC 7009, and an end that has come. */
const INDIFFERENT = ['revoke', 'logout']

function placesOf({ setup }: Stage): readonly Place[] {
  const document = documentOf(setup.auth)
  return operationsOf(document).flatMap((operation): Place[] => {
    const { operationId, method, path, security } = operation
    const isOwn = security.length > 0 && security.every(isCredential)
    const place = { operationId, method, path, isOwn }
    const members = inputsOf(operation, document.components.schemas).flatMap((input) => {
      const names = Object.keys(input.properties ?? {})
      const body = Object.fromEntries(names.map((name) => [name, textFor(name)]))
      const tokens = names.filter((name) => /token$/i.test(name))
      return tokens.map((member) => ({ ...place, member, body }))
    })
    return security.length > 0 ? [{ ...place, member: null, body: {} }, ...members] : members
  })
}

/** Where one of the alternatives is nothing, a body does. */
function isCredential(scheme: object): boolean {
  return Object.keys(scheme).length > 0
}

function inputsOf(
  { requestBody }: LocatedOperation,
  schemas: Readonly<Record<string, Schema>>,
): readonly Schema[] {
  const schema = requestBody?.content['application/json']?.schema as Schema | undefined
  const input = schemas[schema?.$ref?.split('/').at(-1) ?? ''] ?? {}
  return input.anyOf ?? [input]
}

function textFor(name: string): string | undefined {
  return name === 'username' ? 'chosen' : knownTexts[name]?.[0]
}

/** In any place, or in the one that is right for it. */
function anyShowing(places: readonly Place[]): fc.Arbitrary<readonly [Place, ShownToken]> {
  const links = [...ownTokens, ...foreignTokens].filter((name) => !name.endsWith('code'))
  const inItsPlace = places.flatMap((place) =>
    links
      .filter((name) => rightPlaces[name.split(' ')[1] ?? ''] === place.operationId)
      .map((name) => fc.tuple(fc.constant(place), mutatedToken([name], links))),
  )
  return fc.oneof(
    fc.tuple(fc.constantFrom(...places), mutatedToken(links, links)),
    fc.oneof(...inItsPlace),
  )
}

/** By whoever has the token, where a session is wanted too. */
async function show(stage: Stage, place: Place, token: ShownToken): Promise<number> {
  const { method, path, isOwn, member, body } = place
  const tokens = stage.tokens()
  const text = textOf(token, tokens)
  const sent = member === null ? null : Buffer.from(JSON.stringify({ ...body, [member]: text }))
  const owner = tokens[`${token.token.split(' ')[0]} access`]
  const bearer = member === null ? text.replace(/[^\x21-\x7e]/g, '?') : owner
  const request = {
    method,
    target: path.replace('{id}', stage.ids().victim ?? ''),
    headers: [
      ['content-type', 'application/json'],
      ...(member === null || isOwn ? [['authorization', `Bearer ${bearer}`] as const] : []),
    ] as const,
    body: sent,
  }
  const answer = await stage.client.send(request)
  expectSound(stage, { request, shown: [text], answer })
  return answer.status
}

for (const framework of ['Express 5', 'Fetch'] satisfies Framework[]) {
  describe(`served by ${framework}, a token that was changed ever so little`, () => {
    it('S019 S037 S043 S056 opens nothing, wherever it is shown, and leaves the real one as good as before', {
      timeout: patience,
    }, async () => {
      const stage = await setStage(framework)
      const before = { guarded: await stage.guarded(), tokens: stage.tokens() }
      const places = placesOf(stage)
      expect(places.length).toBeGreaterThan(35)
      const property = fc.asyncProperty(anyShowing(places), async ([place, token]) => {
        const status = await show(stage, place, token)
        const isOpen = status < 300 && !INDIFFERENT.includes(place.operationId)
        expect(isOpen, `it was answered with ${status}`).toBe(false)
        expect(await stage.guarded()).toEqual(before.guarded)
      })
      await fc.assert(property, effort(RUNS))
      await stage.recover()
      expect(stage.tokens()).toEqual(before.tokens)
      await expectGood(stage)
    })
  })
}

/** As a page of the victim's would, if it had these tokens: a request that changes nothing. */
async function showCookies(stage: Stage, ...shown: readonly ShownToken[]): Promise<number> {
  const [access = '', refresh = '', csrf = ''] = shown.map((token) => {
    return textOf(token, stage.tokens()).replace(/[^\x21-\x7e]/g, '?')
  })
  const request = {
    method: 'PATCH',
    target: '/me',
    headers: [
      ['content-type', 'application/json'],
      ['origin', ORIGIN],
      ['cookie', `__Host-at=${access}; __Host-rt=${refresh}`],
      ['x-csrf-token', csrf],
    ] as const,
    body: Buffer.from('{}'),
  }
  const answer = await stage.client.send(request)
  expectSound(stage, { request, shown: [access, refresh, csrf], answer })
  return answer.status
}

describe('a token of a page that was changed ever so little', () => {
  const whole = (name: string) => ({ token: name, other: name, at: 0, mutation: null })
  const cookies = [whole('victim access'), whole('victim refresh')]
  const others = foreignTokens.filter((name) => !name.endsWith('code'))

  it('S069 S071 opens nothing, be it in a cookie or for CSRF', { timeout: patience }, async () => {
    const stage = await setStage('Express 5', { transport: 'cookie' })
    const before = await stage.guarded()
    expect(await showCookies(stage, ...cookies, whole('victim csrf'))).toBe(200)
    const changed = (name: string) => mutatedToken([name], others)
    const all = fc.tuple(
      changed('victim access'),
      changed('victim refresh'),
      changed('victim csrf'),
    )
    const property = fc.asyncProperty(all, async ([access, refresh, csrf]) => {
      expect(await showCookies(stage, ...cookies, csrf)).toBe(403)
      const status = await showCookies(stage, access, refresh, whole('victim csrf'))
      expect([400, 401, 403]).toContain(status)
      expect(await stage.guarded()).toEqual(before)
    })
    await fc.assert(property, effort(RUNS / 2))
  })
})

/** Says that each token of the victim does what it is there for. */
async function expectGood({ setup: { auth }, tokens }: Stage): Promise<void> {
  const { 'victim access': access, 'victim refresh': refresh, 'victim reset': reset } = tokens()
  await auth.authenticate(access ?? '')
  await auth.refresh({ refreshToken: refresh ?? '' })
  await auth.resetPassword({ token: reset ?? '', newPassword: 'a password of its owner' })
}
