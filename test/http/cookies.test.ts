import { describe, expect, it } from 'vitest'
import { type Browser, browser, setCookiesOf } from '../support/browser.ts'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE
const NAMES = ['__Host-at', '__Host-rt', '__Host-csrf']

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('leads from the login to the logout without a token in any body', async () => {
      const { page, login, sessionId } = await serveAda(host)
      expect(login.body.user.email).toBe('ada@example.com')
      const seen = await page.get('/protected')
      expect([seen.status, seen.body.session.id]).toEqual([200, sessionId])
      expect((await page.get(`${host.base}/me`)).body.email).toBe('ada@example.com')
      expect((await page.post('/protected')).status).toBe(200)
      expect((await page.post(`${host.base}/logout`)).status).toBe(204)
      expect([...page.cookies]).toEqual([])
      expectProblem(await page.get('/protected'), 401, 'unauthenticated')
    })

    it('S067 S065 sets and removes each cookie with the same attributes', async () => {
      const { page, login } = await serveAda(host)
      const set = setCookiesOf(login)
      const common = { path: '/', secure: '', 'max-age': String(30 * DAY) }
      expect(set.map(({ name, attributes }) => [name, attributes])).toEqual([
        ['__Host-at', { ...common, httponly: '', samesite: 'Lax' }],
        ['__Host-rt', { ...common, httponly: '', samesite: 'Strict' }],
        ['__Host-csrf', { ...common, samesite: 'Strict' }],
      ])
      const removed = setCookiesOf(await page.post(`${host.base}/logout`))
      expect(removed).toEqual(
        set.map(({ name, attributes }) => ({
          name,
          value: '',
          attributes: { ...attributes, 'max-age': '0' },
        })),
      )
    })

    it('S067 S068 says nothing of a token but in those cookies, whatever gives tokens', async () => {
      const { page, login, clock } = await serveAda(host)
      const answers = [login]
      answers.push(await page.post(`${host.base}/refresh`))
      const change = { currentPassword: PASSWORD, newPassword: 'another fine password' }
      answers.push(await page.post(`${host.base}/password/change`, change))
      clock.advance(11 * MINUTE)
      answers.push(await page.get('/protected'), await page.get(`${host.base}/me`))
      const giving = answers.filter((answer) => setCookiesOf(answer).length > 0)
      expect(giving).toHaveLength(4)
      for (const answer of giving) expectHiddenTokens(answer)
      for (const { body } of answers.slice(0, 3)) {
        expect(Object.keys(body)).not.toContain('accessToken')
        expect(body).toMatchObject({ csrfToken: expect.any(String), expiresIn: 600 })
      }
    })

    it('renews the session on the way once the access token has ended, whatever the method', async () => {
      const { page, clock, sessionId, events } = await serveAda(host)
      const paths = ['/protected', `${host.base}/me`]
      for (const path of paths) {
        clock.advance(11 * MINUTE)
        const before = new Map(page.cookies)
        const answer = await page.get(path)
        expect([answer.status, setCookiesOf(answer).map(({ name }) => name)]).toEqual([200, NAMES])
        for (const name of NAMES) expect(page.cookies.get(name)).not.toBe(before.get(name))
        expect(setCookiesOf(await page.get(path))).toEqual([])
      }
      clock.advance(11 * MINUTE)
      const answer = await page.post('/protected')
      expect([answer.status, answer.body.session.id]).toEqual([200, sessionId])
      clock.advance(11 * MINUTE)
      const deleted = await page.send('DELETE', `${host.base}/sessions/${sessionId}`)
      expect([deleted.status, setCookiesOf(deleted).length]).toEqual([204, 3])
      expect(events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(4)
    })

    it('brings the next cookies with a refusal too, and says who it is as an access token does', async () => {
      const { page, clock } = await serveAda(host)
      const before = (await page.get('/protected')).body
      clock.advance(11 * MINUTE)
      const refused = await page.get('/staff')
      expectProblem(refused, 403, 'forbidden')
      expect(setCookiesOf(refused)).toHaveLength(3)
      clock.advance(11 * MINUTE)
      const own = await page.get(`${host.base}/users`)
      expectProblem(own, 403, 'forbidden')
      expect(setCookiesOf(own)).toHaveLength(3)
      clock.advance(11 * MINUTE)
      expect((await page.get('/protected')).body).toEqual(before)
    })

    it('S060 S061 lives on while it is used, to its absolute limit and no longer', async () => {
      const { page, clock } = await serveAda(host)
      for (let day = 0; day < 30; day += 6) {
        expect((await page.get('/protected')).status).toBe(200)
        clock.advance(6 * DAY - 1)
      }
      const last = await page.get('/protected')
      expect(last.status).toBe(200)
      expect(setCookiesOf(last)[0]?.attributes['max-age']).toBe('5')
      clock.advance(5)
      expectProblem(await page.get('/protected'), 401, 'invalid_token')
    })

    it('S060 dies of a week in which nobody used it, though the browser still has its cookies', async () => {
      const { page, clock } = await serveAda(host)
      clock.advance(7 * DAY)
      for (const path of ['/protected', `${host.base}/me`]) {
        expectProblem(await page.get(path), 401, 'invalid_token')
      }
      expect([...page.cookies.keys()]).toEqual(NAMES)
      expect((await page.get('/open')).body).toBeNull()
      expect((await login(page, host)).status).toBe(200)
      expect((await page.get('/open')).body.user.roles).toEqual(['user'])
    })

    it('S065 logs out with an access token that has ended, twice, and not by GET', async () => {
      const { page, clock, auth, first } = await serveAda(host)
      expect((await page.get(`${host.base}/logout`)).status).toBe(405)
      expect((await page.get('/protected')).status).toBe(200)
      clock.advance(11 * MINUTE)
      page.cookies.delete('__Host-rt')
      const kept = new Map(page.cookies)
      expect((await page.post(`${host.base}/logout`)).status).toBe(204)
      await expect(auth.authenticate(first.accessToken)).rejects.toThrow('invalid_token')
      await expect(auth.refresh({ refreshToken: first.refreshToken })).rejects.toThrow()
      for (const [name, value] of kept) page.cookies.set(name, value)
      const again = await page.post(`${host.base}/logout`)
      expect([again.status, setCookiesOf(again).length]).toEqual([204, 3])
      const nothing = await page.post(`${host.base}/logout`)
      expect([nothing.status, setCookiesOf(nothing).length]).toEqual([204, 3])
      page.cookies.set('__Host-rt', 'junk')
      expect((await page.post(`${host.base}/logout`)).status).toBe(204)
    })

    it('ends the session that a login in the same browser replaces, whatever became of its cookies', async () => {
      const { page, auth, first } = await serveAda(host)
      const cookie = [...page.cookies].map((pair) => pair.join('=')).join('; ')
      expect((await login(page, host)).status).toBe(200)
      await auth.close()
      expectProblem(await page.get('/protected', { cookie }), 401, 'invalid_token')
      const principal = await auth.authenticate(page.cookies.get('__Host-at') ?? '')
      expect(await auth.listSessions(principal)).toHaveLength(1)
      for (const leftover of [
        `__Host-rt=x; __Host-rt=y`,
        '__Host-rt=junk',
        `__Host-at=${first.accessToken}`,
      ]) {
        const told = { cookie: leftover }
        const body = { identifier: 'ada@example.com', password: PASSWORD }
        expect((await page.post(`${host.base}/login`, body, told)).status).toBe(200)
      }
      await auth.close()
    })

    it('S050 refuses a request with cookies and an Authorization header', async () => {
      const { page, first } = await serveAda(host)
      const targets = [
        ['GET', '/protected'],
        ['GET', '/open'],
        ['GET', `${host.base}/me`],
        ['POST', '/protected'],
        ['POST', `${host.base}/refresh`],
        ['POST', `${host.base}/logout`],
      ] as const
      for (const [method, path] of targets) {
        for (const authorization of [`Bearer ${first.accessToken}`, 'Bearer junk', 'Basic YTpi']) {
          const answer = await page.send(method, path, { authorization })
          expectProblem(answer, 400, 'invalid_request')
        }
      }
      expect((await page.get('/protected')).status).toBe(200)
    })

    it('takes Authorization alone, without cookies in the answer', async () => {
      const { client, first } = await serveAda(host)
      const answer = await client.get('/protected', first.accessToken)
      expect([answer.status, setCookiesOf(answer)]).toEqual([200, []])
      expect((await client.post('/protected', undefined, first.accessToken)).status).toBe(200)
      expect((await client.get(`${host.base}/me`, first.accessToken)).status).toBe(200)
    })

    it('S098 S099 reads cookies without a prototype and refuses one that is there twice', async () => {
      const { page, first } = await serveAda(host)
      const { accessToken: token } = first
      const [at, rt] = [`__Host-at=${token}`, `__Host-rt=${first.refreshToken}`]
      const ask = (cookie: string) => page.get('/protected', { cookie })
      expect((await ask(`__proto__=x; constructor=y; ${at}`)).status).toBe(200)
      expect((await ask(`theme=dark; at=x; __host-at=y; ${at}`)).status).toBe(200)
      for (const doubled of [`${at}; ${at}`, `${at}; __Host-at=x`, `__Host-rt=x; ${at}; ${rt}`]) {
        expectProblem(await ask(doubled), 400, 'invalid_request')
      }
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    })

    it('S069 ignores what only looks like one of our cookies', async () => {
      const { page, first } = await serveAda(host)
      const { accessToken: token } = first
      const lookalikes = [
        `at=${token}`,
        `__host-at=${token}`,
        `__HOST-AT=${token}`,
        `__Secure-at=${token}`,
        `__Host-at${token}`,
        `__Host-at =${token}`,
        `a=b;\t__Host-at=${token}`,
        `\xa0__Host-at=${token}`,
        `\x85__Host-at=${token}`,
        `__Host%2Dat=${token}`,
        `"__Host-at"=${token}`,
        `=__Host-at=${token}`,
        `a=b, __Host-at=${token}`,
        `a="b; c=__Host-at=${token}"`,
      ]
      for (const cookie of lookalikes) {
        expectProblem(await page.get('/protected', { cookie }), 401, 'unauthenticated')
      }
      const junk = [`"${token}"`, `%${token}`, `${token} x`, `${token}\t`, `${token}, x`, 'x']
      for (const value of junk) {
        const cookie = `$Version=1; __Host-at=${value}; $Path=/`
        expectProblem(await page.get('/protected', { cookie }), 401, 'invalid_token')
      }
    })

    it('S070 changes nothing by GET, HEAD or OPTIONS but the cookies of a session that goes on', async () => {
      const { page, auth, first } = await serveAda(host)
      const principal = await auth.authenticate(first.accessToken)
      const paths = ['refresh', 'logout', 'login', 'password/change', 'register', 'email/undo']
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const path of paths) {
          expect((await page.send(method, `${host.base}/${path}`)).status).toBe(405)
        }
      }
      expect(await auth.listSessions(principal)).toHaveLength(1)
    })
  })
}

async function login(page: Browser, host: Host): Promise<Answer> {
  return page.post(`${host.base}/login`, { identifier: 'ada@example.com', password: PASSWORD })
}

/** A page on which Ada is logged in, and nowhere else. `first` are the tokens that it has. */
async function serveAda(host: Host) {
  const setup = await host.setUp({ transport: 'cookie' })
  const { session } = await accountOf(setup)
  await setup.auth.logout(session.accessToken)
  const client = await host.serve(setup.auth)
  const page = browser(client)
  const answer = await login(page, host)
  const first = {
    accessToken: page.cookies.get('__Host-at') ?? '',
    refreshToken: page.cookies.get('__Host-rt') ?? '',
  }
  const sessionId: string = answer.body.sessionId
  return { ...setup, client, page, login: answer, first, sessionId }
}

function expectHiddenTokens(answer: Answer): void {
  const set = setCookiesOf(answer)
  expect(set.map(({ name }) => name)).toEqual(NAMES)
  for (const { name, value, attributes } of set) {
    expect(name.length + value.length).toBeLessThanOrEqual(4096)
    expect(value).toMatch(/^[A-Za-z0-9._-]{40,}$/)
    expect(attributes).toMatchObject({ path: '/', secure: '' })
    expect(Object.keys(attributes)).not.toContain('domain')
    if (name === '__Host-csrf') continue
    expect(Object.keys(attributes)).toContain('httponly')
    expect(answer.text).not.toContain(value)
    const elsewhere = [...answer.headers].filter(([header]) => header !== 'set-cookie')
    expect(JSON.stringify(elsewhere)).not.toContain(value)
  }
}
