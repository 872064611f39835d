import { describe, expect, it } from 'vitest'
import { hosts } from '../support/hosts.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const forged: Readonly<Record<string, string>> = {
  'x-forwarded-for': '6.6.6.6, 7.7.7.7',
  forwarded: 'for=6.6.6.6',
  'x-real-ip': '6.6.6.6',
  'cf-connecting-ip': '6.6.6.6',
  'true-client-ip': '6.6.6.6',
  'x-client-ip': '6.6.6.6',
  'x-cluster-client-ip': '6.6.6.6',
  'fastly-client-ip': '6.6.6.6',
}

for (const host of hosts) {
  describe(`served by ${host.name}`, () => {
    it('S030 knows a client by the peer of its socket, whatever its headers say', async () => {
      const setup = await host.setUp()
      const { email, session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      await settled(setup.auth)
      const before = setup.events.length
      for (const [name, value] of Object.entries(forged)) {
        for (const password of [PASSWORD, 'not the password']) {
          const headers = { 'content-type': 'application/json', [name]: value }
          const body = JSON.stringify({ identifier: email, password })
          await client.send('POST', `${host.base}/login`, { headers, body })
        }
      }
      await settled(setup.auth)
      const events = setup.events.slice(before)
      expect(events).toHaveLength(2 * Object.keys(forged).length)
      expect(new Set(events.map(({ client }) => client?.ip))).toEqual(new Set(['127.0.0.1']))
      const list = await client.get(`${host.base}/sessions`, session.accessToken)
      const addresses = list.body.sessions.map(({ ip }: { ip: string | null }) => ip)
      expect(new Set(addresses)).toEqual(new Set(['127.0.0.1', null]))
      const logged = await eventsOf(setup.store)
      expect(JSON.stringify(logged)).not.toMatch(/6\.6\.6\.6|7\.7\.7\.7/)
    })
  })
}

it('S031 shows an address of IPv4 as such, however the socket shows it', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const shown: Record<string, string> = {
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:192.0.2.8': '192.0.2.8',
    '2001:db8::ffff:1': '2001:db8::ffff:1',
    '::1': '::1',
  }
  for (const [ip, expected] of Object.entries(shown)) {
    const login = { identifier: email, password: PASSWORD }
    const { accessToken } = await setup.auth.login(login, { ip })
    const sessions = await setup.auth.listSessions(await setup.auth.authenticate(accessToken))
    expect(sessions.find(({ current }) => current)?.ip).toBe(expected)
  }
})
