import { expect, it } from 'vitest'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

it.each([
  ['an address', '2001:db8::1%eth0', '2001:db8::1%eth0'],
  ['control characters', '203.0.113.7\u0000\r\n', '203.0.113.7   '],
  ['half a character', '\ud800', '\ufffd'],
  ['a header of the client', 'a'.repeat(10_000), 'a'.repeat(64)],
])(
  'S117 stores one short line of what an application says is the address of the client: %s',
  async (_, ip, stored) => {
    const setup = setUp()
    const { email } = await accountOf(setup)
    const login = await setup.auth.login({ identifier: email, password: PASSWORD }, { ip })
    await settled(setup.auth)
    const found = await setup.store.sessions.find(login.sessionId)
    expect(found?.session.device.ip).toBe(stored)
    const events = await eventsOf(setup.store)
    expect(events.map((event) => event.ip)).toContain(stored)
  },
)
