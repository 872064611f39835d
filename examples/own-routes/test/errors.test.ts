import { AuthError, type AuthErrorCode } from '@latchkey/core'
import express from 'express'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { httpClient } from '../../../test/support/http-client.ts'
import { serve } from '../../../test/support/running-host.ts'
import { answerError, refusals } from '../src/errors.ts'
import { ADA, newAccount, PASSWORD, serveApi } from './support/api.ts'

const wanted: Readonly<Record<string, readonly string[]>> = {
  '/signup': ['email', 'password'],
  '/activation': ['email', 'code'],
  '/activation/mail': ['email'],
  '/signin': ['email', 'password'],
  '/token': ['refresh_token'],
  '/revocation': ['token'],
  '/password/mail': ['email'],
  '/password': ['new_password'],
}

describe.each(Object.entries(wanted))('POST %s refuses', (path, names) => {
  const fieldsOf = (detail: string) => Object.fromEntries(names.map((name) => [name, detail]))

  it('what lacks its members, and names them', async () => {
    const { client } = await serveApi()
    for (const body of [undefined, {}, []]) {
      const answer = await client.post(path, body)
      expect(answer).toMatchObject({ status: 422 })
      const { error } = answer.body
      expect(error).toMatchObject({ code: 'bad_fields', fields: fieldsOf('Give a string.') })
    }
  })

  it.each([[7], [null], [true], [{ a: 'b' }], [['a']]])('%j for a string', async (value) => {
    const { client } = await serveApi()
    const body = Object.fromEntries(names.map((name) => [name, value]))
    const { status, body: answer } = await client.post(path, body)
    expect({ status, fields: answer.error.fields }).toEqual({
      status: 422,
      fields: fieldsOf('Give a string.'),
    })
  })

  it('strings that cannot be right, without an error of its own', async () => {
    const { client } = await serveApi()
    for (const text of ['', '\0', '\ud800', 'x'.repeat(5000)]) {
      const { status, body } = await client.post(
        path,
        Object.fromEntries(names.map((name) => [name, text])),
      )
      if (status < 400) continue // says nothing of whom there is
      expect({ status, body }).toEqual({
        status: expect.toSatisfy((code: number) => code < 500),
        body: { error: expect.objectContaining({ code: expect.any(String) }) },
      })
    }
  })

  it.each([
    ['malformed JSON', 'application/json', '{"email": "secret', 400, 'bad_request'],
    ['a bare string', 'application/json', '"secret"', 400, 'bad_request'],
    ['a form', 'application/x-www-form-urlencoded', 'email=secret', 415, 'not_json'],
    ['another charset', 'application/json; charset=x-none', '{}', 415, 'not_json'],
    ['a body that is too large', 'application/json', `"${'x'.repeat(20_000)}"`, 413, 'too_large'],
  ])('%s, and repeats nothing of it', async (_name, type, body, status, code) => {
    const { client } = await serveApi()
    const answer = await client.send('POST', path, { headers: { 'content-type': type }, body })
    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect(answer.text).not.toContain('secret')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('what is wrong with a member', () => {
  it('is told by the name that this API has for it', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const body = { current_password: PASSWORD, new_password: 'short' }
    const { error } = (await api.client.post('/account/password', body, access_token)).body
    expect(error).toEqual({
      code: 'weak_password',
      message: 'Choose a longer password.',
      fields: { new_password: 'Choose at least 8 characters.' },
    })
    const long = { email: 'x'.repeat(400), password: PASSWORD }
    expect((await api.client.post('/signin', long)).body.error.fields).toHaveProperty('email')
    const device = { email: ADA, password: PASSWORD, device_name: '' }
    expect((await api.client.post('/signin', device)).body.error.fields).toHaveProperty(
      'device_name',
    )
  })
})

describe('a request for an account', () => {
  it.each([
    ['no token', {}, 'sign_in_required'],
    ['nonsense', { authorization: 'Bearer nonsense' }, 'bad_token'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'bad_token'],
  ])('with %s is refused', async (_name, headers, code) => {
    const { client } = await serveApi()
    const routes = [
      ['GET', '/account'],
      ['POST', '/account/password'],
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['DELETE', '/sessions/1'],
    ] as const
    for (const [method, path] of routes) {
      const answer = await client.send(method, path, { headers })
      expect(answer).toMatchObject({ status: 401, body: { error: { code } } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('takes nobody to the session of another id', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    for (const id of ['1', '%00', 'x'.repeat(2000)]) {
      expect((await api.client.delete(`/sessions/${id}`, access_token)).status).toBe(404)
    }
    const malformed = await api.client.delete('/sessions/%E0%A4%A', access_token)
    expect(malformed).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } })
  })
})

it('answers paths that it does not have in its own shape', async () => {
  const { client } = await serveApi()
  const { status, body } = await client.get('/nowhere')
  expect(status).toBe(404)
  expect(body).toEqual({ error: { code: 'not_found', message: 'There is no such thing.' } })
})

it('answers 503 when the store fails, tells the operator, and goes on', async () => {
  const told = hushed()
  const api = await serveApi()
  const { access_token } = await newAccount(api)
  api.failing.failAt(1, 'before')
  const { status, headers, body } = await api.client.get('/account', access_token)
  expect({ status, code: body.error.code }).toEqual({ status: 503, code: 'busy' })
  expect(headers.get('retry-after')).toBe('1')
  expect(told.mock.calls.join()).toContain('StoreFailure')
  expect((await api.client.get('/account', access_token)).status).toBe(200)
})

describe('the table of refusals', () => {
  it.each(Object.keys(refusals) as AuthErrorCode[])('turns %s into an answer', async (code) => {
    hushed()
    const { status, body } = await answerTo(new AuthError(code))
    expect([status, body.error.code, body.error.message]).toEqual(refusals[code])
  })

  it('does not compile without one of the codes', () => {
    const { overloaded, ...others } = refusals
    // @ts-expect-error: `overloaded` is missing
    const table: typeof refusals = others
    expect(Object.keys(table)).not.toContain('overloaded')
    expect(overloaded).toBeDefined()
  })
})

it.each([[new Error('secret')], ['secret'], [null], [{ status: 418 }]])(
  'answers 500 for %s, and hides it',
  async (thrown) => {
    const told = hushed()
    const { status, text, body } = await answerTo(thrown)
    expect(status).toBe(500)
    expect(body).toEqual({ error: { code: 'internal', message: 'Something went wrong.' } })
    expect(text).not.toContain('secret')
    expect(told).toHaveBeenCalledOnce()
  },
)

/** What an app with this error handler answers when a route throws this. */
async function answerTo(thrown: unknown) {
  const app = express()
  app.get('/', () => Promise.reject(thrown))
  app.use(answerError)
  const host = await serve(app)
  onTestFinished(host.close)
  return httpClient(host.url).get('/')
}

/** Standard error, listened to. */
function hushed() {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => told.mockRestore())
  return told
}
