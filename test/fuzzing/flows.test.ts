import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allUsers } from '../support/administration.ts'
import { serveExpress5 } from '../support/express-hosts.ts'
import { httpClient } from '../support/http-client.ts'
import { watchTraffic } from '../support/openapi-traffic.ts'
import { PASSWORD, setUp } from '../support/setup.ts'
import { type After, anyDeeds, beginning } from './account-commands.ts'
import { type Account, type Model, newModel, statusOf, type World } from './accounts-model.ts'
import { effort, isReplay, patience } from './effort.ts'

const RUNS = 40

/** Three users who do not exist yet, and an administrator who does. */
async function open() {
  const setup = setUp()
  await setup.auth.createUser({ email: 'root@example.com', password: PASSWORD, roles: ['admin'] })
  const root = await setup.auth.login({ identifier: 'root@example.com', password: PASSWORD })
  const watched = watchTraffic(setup.auth)
  const host = await serveExpress5(watched.auth, { mount: '/', parsesFirst: false })
  const world: World = { setup, client: httpClient(host.url), root: root.accessToken }
  return { world, findings: watched.findings, close: host.close }
}

/** Says that sessions and identifiers are the expected ones. */
async function expectAsExpected({ accounts }: Model, { setup }: World): Promise<void> {
  for (const { sessions } of accounts) {
    for (const { accessToken, alive } of sessions) {
      const works = await setup.auth.authenticate(accessToken).then(
        () => true,
        () => false,
      )
      expect(works, 'a session works').toBe(alive)
    }
  }
  const expected = accounts.filter(({ state }) => state !== 'none').map(({ email }) => email)
  const found = (await allUsers(setup)).map(({ email }) => email)
  expect(found.sort()).toEqual([...expected, 'root@example.com'].sort())
}

/** Says that every password and every token does what it is expected to do, for the last time. */
async function expectTheEnd({ accounts, refused }: Model, world: World): Promise<void> {
  for (const one of refused) expect(await statusOf(world, one)).toBeGreaterThanOrEqual(400)
  for (const account of accounts) {
    for (const password of account.oldPasswords) {
      expect(await loginStatus(account, password, world)).not.toBe(200)
    }
    if (account.state !== 'active') continue
    expect(await loginStatus(account, account.password, world)).toBe(200)
  }
}

async function loginStatus({ email }: Account, password: string, { client }: World) {
  return (await client.post('/login', { identifier: email, password })).status
}

it('S021 S047 S057 S077 S080 S092 lets three users do what they like, and everybody has what is theirs', {
  timeout: patience,
}, async () => {
  const done: string[] = []
  const after: After = async (deed, model, world) => {
    done.push(deed)
    await expectAsExpected(model, world)
  }
  const property = fc.asyncProperty(anyDeeds(after), async (story) => {
    const { world, findings, close } = await open()
    const model = newModel()
    try {
      for (const commands of [beginning(after), story]) {
        await fc.asyncModelRun(() => ({ model, real: world }), commands)
      }
      await expectTheEnd(model, world)
      expect([findings(), world.setup.errors]).toEqual([[], []])
    } finally {
      await close()
    }
  })
  await fc.assert(property, effort(RUNS))
  if (!isReplay) expect(new Set(done).size).toBeGreaterThan(12)
})
