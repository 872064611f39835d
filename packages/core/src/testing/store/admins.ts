import { expectEqual } from '../assertions.ts'
import { idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser, storedUsers } from './stored-records.ts'

const admin = { roles: ['admin'] }

const counting = section('users.countAdmins', [
  rule('counts who is active and has the role, among others or not', async (store) => {
    await storedUsers(store, [admin, { roles: ['user', 'admin'] }, { roles: ['user'] }])
    expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 2)
    expectEqual(await store.users.countAdmins({ role: 'user', except: null }), 2)
    expectEqual(await store.users.countAdmins({ role: 'owner', except: null }), 0)
  }),

  ...(['pending', 'disabled', 'deleted'] as const).map((status) =>
    rule(`does not count who is ${status}`, async (store) => {
      await storedUsers(store, [admin, { ...admin, status }])
      expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 1)
    }),
  ),

  rule('S090 does not count who is leaving', async (store) => {
    await storedUsers(store, [admin, { ...admin, leavingAdmin: true }])
    expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 1)
  }),

  ...['administrator', 'adm', 'Admin', 'admin ', 'user,admin', '"admin"', '%', '', 'ádmin'].map(
    (role) =>
      rule(`does not take the role ${JSON.stringify(role)} for the role "admin"`, async (store) => {
        await storedUser(store, { roles: [role] })
        expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 0)
        expectEqual(await store.users.countAdmins({ role, except: null }), 1)
      }),
  ),

  rule('counts a user once, however often the role is named', async (store) => {
    await storedUser(store, { roles: ['admin', 'user', 'admin'] })
    expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 1)
  }),

  rule('leaves out the one who is excepted', async (store) => {
    const [first, second] = await storedUsers(store, [admin, admin])
    const count = (except: string) => store.users.countAdmins({ role: 'admin', except })
    expectEqual(await count(first.id), 1)
    expectEqual(await count(second.id), 1)
    expectEqual(await count(idNumber(1)), 2)
  }),

  rule('counts all of them where no two users have the same roles', async (store) => {
    const roles = (index: number) => [`tenant-${index}`, ...(index % 100 === 0 ? ['admin'] : [])]
    await storedUsers(
      store,
      Array.from({ length: 1500 }, (_, index) => ({ roles: roles(index) })),
    )
    expectEqual(await store.users.countAdmins({ role: 'admin', except: null }), 15)
    expectEqual(await store.users.countAdmins({ role: 'tenant-7', except: null }), 1)
  }),

  rule('S090 sees a change at once', async (store) => {
    const { id } = await storedUser(store, admin)
    const count = () => store.users.countAdmins({ role: 'admin', except: null })
    await store.users.update(id, 1, { leavingAdmin: true })
    expectEqual(await count(), 0)
    await store.users.update(id, 2, { leavingAdmin: false })
    expectEqual(await count(), 1)
    await store.users.update(id, 3, { roles: ['user'] })
    expectEqual(await count(), 0)
  }),
])

export const adminSections = [counting]
