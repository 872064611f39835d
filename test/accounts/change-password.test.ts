import { describe, expect, it } from 'vitest'
import { hostsInTurn } from '../support/hosts.ts'
import { expectProblem, pointersOf } from '../support/problems.ts'
import { logsIn, NEW_PASSWORD } from '../support/recovery.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const good = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { email, session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const change = (body: object, bearer = session.accessToken) =>
        client.post(`${host.base}/password/change`, body, bearer)
      return { setup, email, session, client, change }
    }

    it('S082 S080 ends every session at once and answers with a new one', async () => {
      const { setup, email, session, client, change } = await serve()
      const other = await setup.auth.login({ identifier: email, password: PASSWORD })
      const answer = await change(good)
      expect(answer.status).toBe(200)
      expect(Object.keys(answer.body).sort()).toEqual(
        ['accessToken', 'expiresIn', 'refreshToken', 'sessionId', 'tokenType', 'user'].sort(),
      )
      for (const { accessToken, refreshToken } of [session, other]) {
        expectProblem(await client.get('/protected', accessToken), 401, 'invalid_token')
        const refresh = await client.post(`${host.base}/refresh`, { refreshToken })
        expectProblem(refresh, 401, 'invalid_token')
      }
      const { accessToken, refreshToken, sessionId } = answer.body
      expect([session.sessionId, other.sessionId]).not.toContain(sessionId)
      expect((await client.get('/protected', accessToken)).status).toBe(200)
      expect((await client.post(`${host.base}/refresh`, { refreshToken })).status).toBe(200)
      const list = await client.get(`${host.base}/sessions`, accessToken)
      expect(list.body.sessions).toEqual([
        expect.objectContaining({ id: sessionId, current: true }),
      ])
    })

    it('S080 kills the old password, and tells the owner', async () => {
      const { setup, email, change } = await serve()
      await change(good)
      expect(await logsIn(setup, email)).toBe(false)
      expect(await logsIn(setup, email, NEW_PASSWORD)).toBe(true)
      const notice = await setup.outbox.next('password_changed', email)
      expect([notice.link, notice.code]).toEqual([undefined, undefined])
    })

    it('S082 refuses whoever does not know the current password, and changes nothing', async () => {
      const { setup, email, session, client, change } = await serve()
      for (const currentPassword of [
        'wrong',
        NEW_PASSWORD,
        PASSWORD.toUpperCase(),
        ` ${PASSWORD}`,
      ]) {
        expectProblem(await change({ ...good, currentPassword }), 403, 'wrong_password')
      }
      expect((await client.get('/protected', session.accessToken)).status).toBe(200)
      expect(await logsIn(setup, email)).toBe(true)
    })

    it('S082 S006 holds the new password to the policy, once the current one is right', async () => {
      const { email, session, client, change } = await serve()
      const refused = { short: 'password_too_short', password1: 'password_blocked' } as const
      for (const [newPassword, code] of [
        ...Object.entries(refused),
        [email.toUpperCase(), 'password_blocked'] as const,
      ]) {
        const answer = await change({ ...good, newPassword })
        expectProblem(answer, 422, code)
        expect(pointersOf(answer)).toEqual(['/newPassword'])
        const blind = await change({ newPassword, currentPassword: 'wrong' })
        expectProblem(blind, 403, 'wrong_password')
      }
      expect((await client.get('/protected', session.accessToken)).status).toBe(200)
    })

    it('lets exactly one of two changes at once win', async () => {
      const { setup, email, session, change } = await serve()
      const other = await setup.auth.login({ identifier: email, password: PASSWORD })
      const newPasswords = ['the password of the first', 'the password of the second']
      const answers = await Promise.all(
        [session, other].map(({ accessToken }, at) =>
          change({ ...good, newPassword: newPasswords[at] }, accessToken),
        ),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.toSorted()).toEqual([200, 401])
      const works = await Promise.all(newPasswords.map((one) => logsIn(setup, email, one)))
      expect(works).toEqual(statuses.map((status) => status === 200))
    })

    it('S082 is not for who has no session, or one that has ended', async () => {
      const { setup, email, session, client, change } = await serve()
      expectProblem(await client.post(`${host.base}/password/change`, good), 401, 'unauthenticated')
      expectProblem(await change(good, session.refreshToken), 401, 'invalid_token')
      await setup.auth.logout(session.accessToken)
      expectProblem(await change(good), 401, 'invalid_token')
      expect(await logsIn(setup, email)).toBe(true)
    })
  })
}

it('lets exactly one of ten changes in one session win', async () => {
  const setup = setUp()
  const { email, session } = await accountOf(setup)
  const principal = await setup.auth.authenticate(session.accessToken)
  const newPasswords = Array.from({ length: 10 }, (_, at) => `the password of number ${at}`)
  const outcomes = await Promise.allSettled(
    newPasswords.map((newPassword) =>
      setup.auth.changePassword(principal, { ...good, newPassword }),
    ),
  )
  const won = outcomes.map(({ status }) => status === 'fulfilled')
  expect(won.filter(Boolean)).toHaveLength(1)
  expect(await Promise.all(newPasswords.map((one) => logsIn(setup, email, one)))).toEqual(won)
})
