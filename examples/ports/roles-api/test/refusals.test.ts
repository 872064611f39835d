import { describe, expect, it } from 'vitest'
import { expectProblem } from '../../../../test/support/problems.ts'
import { newAccount, newAdministrator, serveApi } from './support/api.ts'

const withBodies = [
  ['POST', '/users/'],
  ['PUT', '/users/me'],
  ['PUT', '/users/me/change_password'],
  ['POST', '/confirm'],
] as const

const forUsers = [
  ['POST', '/users/me'],
  ['PUT', '/users/me'],
  ['PUT', '/users/me/change_password'],
  ['POST', '/users/me/verify_email'],
  ['GET', '/users/'],
  ['GET', '/users/1'],
  ['PUT', '/users/1?role=Admin'],
  ['DELETE', '/users/1'],
] as const

describe('the API refuses', () => {
  it.each(withBodies)(
    '%s %s: bodies that it cannot read, and repeats nothing',
    async (method, path) => {
      const api = await serveApi()
      const { access_token } = await newAccount(api)
      const json = 'application/json'
      const refused = [
        [json, '{"email": "secret', 400, 'invalid_request'],
        [json, '"secret"', 400, 'invalid_request'],
        [json, `{"a": "${'secret'.repeat(5000)}"}`, 413, 'payload_too_large'],
        [`${json}; charset=x-none`, '{}', 415, 'unsupported_media_type'],
        ['text/plain', 'secret', 415, 'unsupported_media_type'],
        ['multipart/form-data; boundary=x', '--x--', 415, 'unsupported_media_type'],
      ] as const
      for (const [type, body, status, code] of refused) {
        const headers = { 'content-type': type, 'x-access-token': access_token }
        const answer = await api.client.send(method, path, { headers, body })
        expectProblem(answer, status, code)
        expect(answer.text).not.toContain('secret')
      }
    },
  )

  it('forms, but for the page that confirms', async () => {
    const { client } = await serveApi()
    for (const [method, path] of withBodies) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await client.send(method, path, { headers, body: 'token=x' })
      const isPage = path === '/confirm'
      if (isPage) expectProblem(answer, 400, 'invalid_one_time_token')
      else expectProblem(answer, 415, 'unsupported_media_type')
    }
  })

  it.each(withBodies)('%s %s: JSON of other shapes', async (method, path) => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const values = [7, null, true, [], ['a'], { a: 'b' }, '', '\0', '\ud800', 'x'.repeat(5000)]
    const members = ['email', 'password', 'first_name', 'new_password', 'token', '__proto__']
    const bodies = [
      [],
      [1],
      ...values.flatMap((value) => [
        Object.fromEntries(members.map((name) => [name, value])),
        ...members.map((name) => `{${JSON.stringify(name)}: ${JSON.stringify(value)}}`),
      ]),
    ]
    for (const body of bodies) {
      const { status, headers } = await api.client.json(method, path, body, access_token)
      const isGood = status === 200 && method === 'PUT' // of some names nothing is wrong
      expect({ body, status }).toEqual({
        body,
        status: isGood ? 200 : expect.toSatisfy((code) => code >= 400 && code < 500),
      })
      expect(headers.get('content-type')).toMatch(/^application\/(?:problem\+)?json/)
    }
    expect(api.errors).toEqual([])
  })

  it.each(forUsers)('%s %s: strangers', async (method, path) => {
    const { client } = await serveApi()
    const credentials = [
      [{}, 'unauthenticated'],
      [{ 'x-access-token': 'nonsense' }, 'invalid_token'],
      [{ authorization: 'Bearer nonsense' }, 'invalid_token'],
      [{ authorization: 'Basic YTpi' }, 'invalid_token'],
    ] as const
    for (const [headers, code] of credentials) {
      const answer = await client.send(method, path, { headers })
      expectProblem(answer, 401, code)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
    expectProblem(
      await client.send(method, `${path}${path.includes('?') ? '&' : '?'}token=x`),
      401,
      'unauthenticated',
    )
  })

  it('a session that was logged out, everywhere', async () => {
    const api = await serveApi()
    const { access_token } = await newAdministrator(api)
    await api.client.post('/logout', undefined, access_token)
    for (const [method, path] of forUsers) {
      const headers = { 'x-access-token': access_token }
      expectProblem(await api.client.send(method, path, { headers }), 401, 'invalid_token')
    }
  })

  it('paths and methods that it does not have', async () => {
    const { client } = await serveApi()
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['GET', '/login/'],
      ['DELETE', '/confirm'],
      ['PATCH', '/users'],
    ] as const) {
      expectProblem(await client.send(method, path), 404, 'not_found')
    }
  })

  it('everything while the store fails, and tells the operator', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    api.failing.failAt(1, 'before')
    const answer = await api.client.post('/users/me', undefined, access_token)
    expectProblem(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(api.errors).toHaveLength(1)
    expect((await api.client.post('/users/me', undefined, access_token)).status).toBe(200)
  })
})
