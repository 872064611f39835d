import type { Auth, Reply } from '@latchkey/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serveExpress5 } from '../support/express-hosts.ts'
import { httpClient } from '../support/http-client.ts'
import { watchTraffic } from '../support/openapi-traffic.ts'
import { accountOf, setUp } from '../support/setup.ts'

/** What is found when `GET /me` is answered a little differently, and that answer. */
async function findingsWith(change: (reply: Reply) => Partial<Reply> | null) {
  const setup = setUp()
  const { session } = await accountOf(setup)
  const planted: Auth = {
    ...setup.auth,
    async handle(request) {
      const reply = await setup.auth.handle(request)
      const changes = reply && change(reply)
      return reply && changes && { ...reply, ...changes }
    },
  }
  const watched = watchTraffic(planted)
  const host = await serveExpress5(watched.auth, { mount: '/', parsesFirst: false })
  onTestFinished(host.close)
  const answer = await httpClient(host.url).get('/me', session.accessToken)
  return { findings: watched.findings(), answer }
}

const withMembers = ({ body }: Reply, members: object) => ({
  body: JSON.stringify({ ...JSON.parse(String(body)), ...members }),
})

const refusal = (status: number, code: string): Partial<Reply> => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
  body: JSON.stringify({ type: `urn:latchkey:problem:${code}`, title: 'No', status, code }),
})

describe('the watch over what is answered', () => {
  it('finds nothing in what is documented', async () => {
    const { findings, answer } = await findingsWith(() => ({}))
    expect([findings, answer.status]).toEqual([[], 200])
    expect((await findingsWith(() => refusal(401, 'invalid_token'))).findings).toEqual([])
  })

  it('finds a member that is not documented', async () => {
    const { findings, answer } = await findingsWith((reply) => withMembers(reply, { shoeSize: 38 }))
    expect(answer.body.shoeSize).toBe(38)
    expect(findings).toEqual([expect.stringMatching(/^GET \/me: .*additional.*shoeSize/)])
  })

  it('finds a member of another type, and one that is missing', async () => {
    const { findings } = await findingsWith((reply) =>
      withMembers(reply, { emailVerified: 'yes', createdAt: 'today', roles: undefined }),
    )
    expect(findings).toHaveLength(3)
    expect(findings.join()).toMatch(/emailVerified.*boolean/)
    expect(findings.join()).toMatch(/createdAt.*date-time/)
    expect(findings.join()).toMatch(/required.*roles/)
  })

  it.each([
    ['a status', () => ({ status: 201 }), 'the status 201 is not documented'],
    ['a code', () => refusal(401, 'invalid_credentials'), '/code must be equal to one of'],
    ['a media type', () => ({ headers: { 'content-type': 'text/html' } }), '200 as text/html'],
    [
      'a missing header',
      () => ({
        ...refusal(401, 'invalid_token'),
        headers: { 'content-type': 'application/problem+json' },
      }),
      'www-authenticate',
    ],
    ['a silence', () => null, 'only some paths'],
  ])('finds %s that is not documented', async (_what, change, finding) => {
    const { findings } = await findingsWith(change)
    expect(findings).toEqual([expect.stringContaining(finding)])
  })
})
