import { failingStore, StoreFailure } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const ADA = { kind: 'email', value: 'ada@example.com' } as const

/** Ada's account on a store that can be told to fail. */
async function watched() {
  const failing = failingStore(memoryStore())
  const setup = setUp({ store: failing.store })
  await accountOf(setup)
  await setup.auth.close()
  const failures = async () => (await failing.store.users.findByIdentifier(ADA))?.failedLogins
  return { failing, setup, failures }
}

describe('a store that is told to fail', () => {
  it('works until then', async () => {
    const { failing, failures } = await watched()
    expect(await failures()).toBe(0)
    expect(failing.heal()).toBeNull()
  })

  it.each([
    { moment: 'before', counted: 0 },
    { moment: 'after', counted: 1 },
  ] as const)('fails once, $moment the work, and names the verb', async ({ moment, counted }) => {
    const { failing, setup, failures } = await watched()
    failing.failAt(1, moment)
    const login = setup.auth.login({ identifier: ADA.value, password: PASSWORD })
    const cause = expect.any(StoreFailure)
    await expect(login).rejects.toMatchObject({ code: 'unavailable', cause })
    expect(await failures()).toBe(counted)
    expect(failing.heal()).toBe('users.countFailedLogin')
  })

  it('fails at the call that was named, whatever verb it is', async () => {
    const { failing } = await watched()
    failing.failAt(3, 'before')
    await failing.store.ready()
    await failing.store.events.append([])
    await expect(failing.store.users.findByIdentifier(ADA)).rejects.toThrow(StoreFailure)
    await expect(failing.store.users.findByIdentifier(ADA)).resolves.not.toBeNull()
    expect(failing.heal()).toBe('users.findByIdentifier')
  })

  it('lets the feed poll all the same, which belongs to no flow', async () => {
    const { failing } = await watched()
    failing.failAt(1, 'before')
    await expect(failing.store.revokedSince(null)).resolves.toBeDefined()
    expect(failing.heal()).toBeNull()
  })

  it('closes all the same', async () => {
    const { failing } = await watched()
    failing.failAt(1, 'before')
    await expect(failing.store.close()).resolves.toBeUndefined()
    expect(failing.heal()).toBeNull()
  })

  it('never fails once it is healed', async () => {
    const { failing, failures } = await watched()
    failing.failAt(1, 'before')
    expect(failing.heal()).toBeNull()
    expect(await failures()).toBe(0)
  })
})
