import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, ranked } from '../support/administration.ts'
import { setUp } from '../support/setup.ts'
import { importObjects } from '../support/transfer.ts'

const options = { ...ranked, permissions: { manager: ['users:import', 'users:roles'] } } as const

describe('the end of a session, or of a role', () => {
  it('S092 breaks an export off, a page later at most', async () => {
    for (const code of ['invalid_token', 'forbidden'] as const) {
      const setup = setUp(ranked)
      const rows = Array.from({ length: 600 }, (_, index) => ({
        email: `user-${index}@example.com`,
      }))
      await importObjects(setup.auth, rows)
      await enlist(setup, 'other', ['admin'])
      const root = await enlist(setup, 'root', ['admin'])
      const reading = setup.auth.exportUsers(root.principal, {})[Symbol.asyncIterator]()
      await reading.next()
      if (code === 'forbidden') await setup.auth.setRoles('system', root.id, { roles: ['user'] })
      else await setup.auth.disableUser('system', root.id)
      setup.clock.advance(1)
      await expect(reading.next()).rejects.toMatchObject({ code })
      expect(await eventsOf(setup, 'users.exported')).toMatchObject([{ count: 250 }])
    }
  })

  it('S092 breaks an import off, however slowly its rows come', async () => {
    for (const code of ['invalid_token', 'forbidden'] as const) {
      const setup = setUp(options)
      const root = await enlist(setup, 'root', ['admin'])
      const max = await enlist(setup, 'max', ['manager'])
      async function* rows() {
        yield { email: 'a@example.com', roles: ['manager'] }
        yield { email: 'nobody' }
        if (code === 'forbidden') await setup.auth.setRoles(root.principal, max.id, { roles: [] })
        else await setup.auth.disableUser(root.principal, max.id)
        setup.clock.advance(1)
        yield { email: 'b@example.com', roles: ['manager'] }
      }
      await expect(setup.auth.importUsers(max.principal, rows())).rejects.toMatchObject({ code })
      const b = { kind: 'email', value: 'b@example.com' } as const
      expect(await setup.store.users.findByIdentifier(b)).toBeNull()
      expect(await eventsOf(setup, 'users.imported')).toMatchObject([{ created: 1, refused: 1 }])
    }
  })
})
