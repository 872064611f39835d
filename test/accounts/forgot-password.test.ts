import type { Message } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { hostsInTurn } from '../support/hosts.ts'
import { settled } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { logsIn, requestReset } from '../support/recovery.ts'
import { accountOf, ORIGIN, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

/** One account in every state, and identifiers that nobody has. */
async function everybody(setup: Setup): Promise<readonly string[]> {
  const { email, user } = await accountOf(setup, 'active@example.com')
  const disabled = await accountOf(setup, 'disabled@example.com')
  const stored = await setup.store.users.find(disabled.user.id)
  await setup.store.users.update(disabled.user.id, stored?.version ?? 0, { status: 'disabled' })
  await setup.auth.register({ email: 'pending@example.com', password: PASSWORD })
  const nobody = ['nobody@example.com', 'no address', '', '@', 'a@b', `${email},other@example.com`]
  return [email, email.toUpperCase(), disabled.email, 'pending@example.com', user.id, ...nobody]
}

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S075 S023 answers everybody alike, to the byte', async () => {
      const setup = await host.setUp()
      const identifiers = await everybody(setup)
      const client = await host.serve(setup.auth)
      const answers = new Set<string>()
      for (const identifier of identifiers) {
        const answer = await client.post(`${host.base}/password/forgot`, { identifier })
        const headers = [...answer.headers].filter(([name]) => name !== 'date')
        answers.add(JSON.stringify([answer.status, headers, answer.text]))
      }
      expect(answers.size).toBe(1)
      expect([...answers][0]).toMatch(/^\[202,.*,""\]$/)
    })

    it('S075 answers while the mailer hangs', async () => {
      const mailer = Promise.withResolvers<void>()
      const setup = await host.setUp({ mailer: () => mailer.promise })
      await setup.auth.createUser({ email: 'ada@example.com', password: PASSWORD })
      const client = await host.serve(setup.auth)
      const body = { identifier: 'ada@example.com' }
      const answer = await client.post(`${host.base}/password/forgot`, body)
      expect([answer.status, answer.text]).toEqual([202, ''])
      mailer.resolve()
    })

    it('S075 answers before it has written anything', async () => {
      const store = memoryStore()
      const write = Promise.withResolvers<void>()
      const { put } = store.oneTimeTokens
      store.oneTimeTokens.put = async (token) => {
        await write.promise
        return put.call(store.oneTimeTokens, token)
      }
      const setup = await host.setUp({ store })
      const email = 'ada@example.com'
      await setup.auth.createUser({ email, password: PASSWORD })
      const client = await host.serve(setup.auth)
      const answer = await client.post(`${host.base}/password/forgot`, { identifier: email })
      expect([answer.status, setup.outbox.messages]).toEqual([202, []])
      write.resolve()
      expect((await setup.outbox.next('reset_password', email)).to).toBe(email)
    })

    it('S075 S103 answers the same when the mailer fails, and reports the failure', async () => {
      const failures = [
        () => Promise.reject(new Error('no route to the mail server')),
        () => {
          throw new Error('no route to the mail server')
        },
      ]
      for (const mailer of failures) {
        const setup = await host.setUp({ mailer })
        await setup.auth.createUser({ email: 'ada@example.com', password: PASSWORD })
        const client = await host.serve(setup.auth)
        const body = { identifier: 'ada@example.com' }
        const answer = await client.post(`${host.base}/password/forgot`, body)
        expect([answer.status, answer.text]).toEqual([202, ''])
        await settled(setup.auth)
        expect(setup.errors).toEqual([new Error('no route to the mail server')])
      }
    })

    it('S076 takes the origin of the link from the configuration alone', async () => {
      const setup = await host.setUp()
      const { email } = await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const body = JSON.stringify({ identifier: email })
      const forged = [
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-Proto: http',
        'X-Forwarded-Port: 99',
        'X-Forwarded-Server: evil.example',
        'Forwarded: host=evil.example;proto=http',
        'X-Original-URL: http://evil.example/',
        'X-Rewrite-URL: http://evil.example/',
        'Origin: http://evil.example',
        'Referer: http://evil.example/page',
      ]
      const headers = [
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        ...forged,
      ]
      // A Fetch host makes a URL of the name, and takes none that is no URL.
      const odd = host.framework === 'Fetch' ? [] : ['evil.example:x@app.example']
      for (const name of ['evil.example', 'app.example.evil.example', ...odd]) {
        const head = requestHead(`POST ${host.base}/password/forgot`, ...headers)
        const answer = await sendRaw(url, head.replace('Host: app.example', `Host: ${name}`), body)
        expect(answer.status).toBe(202)
        const { link = '', text, html } = await setup.outbox.next('reset_password', email)
        expect(link).toMatch(/^https:\/\/app\.example\/reset-password#token=[\w-]{43}$/)
        expect(text + html).not.toContain('evil')
      }
    })
  })
}

it('S075 writes to those alone who may have a new password, and changes no account but how long a pending one lives', async () => {
  const setup = setUp()
  const identifiers = await everybody(setup)
  await settled(setup.auth)
  const usersBefore = await Promise.all(identifiers.map((value) => findUser(setup, value)))
  const before = setup.outbox.messages.length
  setup.clock.advance(60)
  for (const identifier of identifiers) await setup.auth.forgotPassword({ identifier })
  await settled(setup.auth)
  expect(setup.outbox.messages.slice(before).map(({ to, kind }: Message) => [kind, to])).toEqual([
    ['reset_password', 'active@example.com'],
    ['reset_password', 'active@example.com'],
    ['reset_password', 'pending@example.com'],
  ])
  const expected = usersBefore.map((user) =>
    user?.status === 'pending'
      ? { ...user, updatedAt: setup.clock.now(), version: user.version + 1 }
      : user,
  )
  expect(expected.filter((user) => user?.status === 'pending')).toHaveLength(1)
  expect(await Promise.all(identifiers.map((value) => findUser(setup, value)))).toEqual(expected)
  expect(await logsIn(setup, 'active@example.com')).toBe(true)
})

function findUser({ store }: Setup, value: string) {
  return store.users.findByIdentifier({ kind: 'email', value })
}

it('S014 writes to the stored address, whatever the request calls it', async () => {
  const setup = setUp()
  await accountOf(setup, 'Mike@example.com')
  await settled(setup.auth)
  const before = setup.outbox.messages.length
  const lookalikes = ['m\u0131ke@example.com', 'mi\u212ae@example.com', 'mike@ex\uff41mple.com']
  const same = ['MIKE@EXAMPLE.COM', 'mike@example.com']
  for (const identifier of [...lookalikes, ...same]) await setup.auth.forgotPassword({ identifier })
  await settled(setup.auth)
  const later = setup.outbox.messages.slice(before).map(({ to }) => to)
  expect(later).toEqual(['Mike@example.com', 'Mike@example.com'])
})

it('S077 keeps the token where no log and no Referer sees it: in the fragment', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const { message, token } = await requestReset(setup, email)
  const link = new URL(message.link ?? '')
  expect([link.origin, link.pathname, link.search]).toEqual([ORIGIN, '/reset-password', ''])
  expect(link.hash).toBe(`#token=${token}`)
  expect(message.text).toContain(link.href)
  expect(message.text).toContain(message.code)
})

it('S085 puts no word of a user into a message, and escapes the configured link', async () => {
  const links = { resetPassword: '/r?a="<b>&t={token}' }
  const setup = setUp({ identifiers: ['email', 'username'], links })
  const email = 'visit.evil.example@example.com'
  await setup.auth.register({ email, username: 'www.evil.example', password: PASSWORD })
  const activation = await setup.outbox.next('activate', email)
  await setup.auth.activate({ token: tokenIn(activation.link) })
  const { auth, outbox } = setup
  await auth.forgotPassword({ identifier: email })
  const { html, link } = await outbox.next('reset_password', email)
  expect(link).toMatch(/^https:\/\/app\.example\/r\?a="<b>&t=/)
  expect(html).toMatch(/href="https:\/\/app\.example\/r\?a=&#34;&#60;b&#62;&#38;t=[\w-]{43}"/)
  await auth.register({ email, username: 'another', password: PASSWORD })
  await settled(auth)
  expect(outbox.messages).toHaveLength(3)
  for (const message of outbox.messages) {
    const words = message.subject + message.text + message.html
    expect(words).not.toContain('evil')
    expect(message.subject).not.toMatch(/[\r\n]/)
  }
})
