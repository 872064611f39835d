import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mariadbUrl } from '../../../../test/servers/databases.ts'
import { startProgram } from '../../../../test/support/program.ts'
import { createMariadb, logIn, SECRET, serveApi } from './support/api.ts'
import { BCRYPT_HASH, fillOldDatabase, type OldRow, PBKDF2_HASH } from './support/old-database.ts'

const move = new URL('../src/move.ts', import.meta.url)
const JOINED = '2024-03-01 09:30:00'
const EMAIL = 'ada@example.com'

const uuidOf = (n: number) => `7e0c2d14-2f5b-4a7e-9c1d-00000000000${n}`
const ADA: OldRow = [uuidOf(1), 'Ada', '+12025550100', EMAIL, 'female', PBKDF2_HASH, 1, JOINED]
const BEN: OldRow = [uuidOf(2), 'ben', '202-555-0199', null, '', BCRYPT_HASH, 1, null]
const WAITING: OldRow = [uuidOf(3), 'carol', '2025550177', '', null, PBKDF2_HASH, 0, JOINED]
const ROWS = [ADA, BEN, WAITING]

const engines = [
  { name: 'SQLite', isMissing: false, create: createFile },
  { name: 'MariaDB', isMissing: mariadbUrl === undefined, create: createMariadb },
]

for (const { name, isMissing, create } of engines) {
  describe.skipIf(isMissing)(`the accounts of the old API on ${name}`, () => {
    /** Moves these rows, and resolves how that ends and the API that has them now. */
    async function moved(rows: readonly OldRow[], isSame = false) {
      const from = await create()
      const to = isSame ? from : await create()
      await fillOldDatabase(from, rows)
      const run = () => runMove(from, to)
      const { code, output } = await run()
      return { code, output, run, api: await serveApi(to, { now: () => new Date() }) }
    }

    it('log in with their old passwords, under their old uuids', async () => {
      const { code, output, api } = await moved(ROWS)
      expect([code, output]).toEqual([0, '3 accounts moved, 0 were here already, 0 refused\n'])

      const ada = await logIn(api, { username: 'ada', password: 'toomanysecrets' })
      const shown = await api.client.get(`/user/${ADA[0]}`, ada.access_token)
      expect(shown.body.data).toEqual({
        email: EMAIL,
        gender: 'female',
        mobile: '+12025550100',
        status: true,
        username: 'Ada',
        uuid: ADA[0],
      })
      const { createdAt } = await api.auth.readUser('system', ADA[0])
      expect(createdAt).toBe('2024-03-01T09:30:00.000Z')

      const ben = await logIn(api, { username: '+1 202 555 0199', password: 'secret' })
      expect((await api.client.get(`/user/${BEN[0]}`, ben.access_token)).body.data).toMatchObject({
        gender: null,
        mobile: '+12025550199',
      })
      const again = await logIn(api, { username: 'ben', password: 'secret' })
      expect(again).toHaveProperty('access_token')
    })

    it('are moved once, and stay as they are now when it is done again', async () => {
      const { run, api } = await moved(ROWS)
      const { access_token } = await logIn(api, { username: 'ada', password: 'toomanysecrets' })
      const changes = { username: 'lovelace', gender: 'f', old_password: 'toomanysecrets' }
      await api.client.json('PATCH', `/user/${ADA[0]}`, changes, access_token)
      const { code, output } = await run()
      expect([code, output]).toEqual([0, '0 accounts moved, 3 were here already, 0 refused\n'])
      const { body } = await api.client.get(`/user/${ADA[0]}`, access_token)
      expect(body.data).toMatchObject({ username: 'lovelace', gender: 'f' })
    })

    it('may stand in the database to which they move', async () => {
      const { code, output, run } = await moved(ROWS, true)
      expect([code, output]).toEqual([0, '3 accounts moved, 0 were here already, 0 refused\n'])
      expect(await run()).toMatchObject({ code: 0 })
    })

    it('that were never opened are opened by a code, with a password chosen anew', async () => {
      const { api } = await moved([WAITING])
      const { client, outbox } = api
      const [, username, mobile] = WAITING
      const early = await client.post('/user/login', { username, password: 'toomanysecrets' })
      expect(early).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
      await client.post('/user/activate-account/', { mobile })
      const { code } = await outbox.next('reset_password', '+12025550177')
      const chosen = { identifier: mobile, code, newPassword: 'paper boats afloat' }
      expect((await client.post('/auth/password/reset', chosen)).status).toBe(204)
      const tokens = await logIn(api, { username, password: chosen.newPassword })
      expect((await client.get(`/user/${WAITING[0]}`, tokens.access_token)).status).toBe(200)
    })

    it('lose an e-mail address that others have too, and hold up nobody when they are refused', async () => {
      const sharing = ['one', 'two'].map((username, at): OldRow => {
        const email = at === 0 ? 'ben@example.com' : 'Ben@example.com'
        return [uuidOf(4 + at), username, `+1202555012${at}`, email, null, PBKDF2_HASH, 1, JOINED]
      })
      const wrong: OldRow = [uuidOf(6), 'no name', '123', null, null, 'md5$abc', 1, '0000-00-00']
      const { code, output, api } = await moved([wrong, ...sharing, ADA])
      expect(code).toBe(1)
      expect(output).toMatch(new RegExp(`^${uuidOf(6)}: /\\w+`, 'm'))
      expect(output).toContain(`${uuidOf(4)}: without the e-mail address, which others have`)
      expect(output).toContain('3 accounts moved, 0 were here already, 1 refused')
      expect(output).not.toContain('md5$abc')
      for (const [uuid] of sharing) {
        expect((await api.auth.readUser('system', uuid)).email).toBeNull()
      }
    })
  })
}

it('says what it needs', async () => {
  const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET: SECRET }
  const { code, output } = await startProgram(move, env).ended
  expect(code).toBe(1)
  expect(output).toContain('OLD_DATABASE_URL must be sqlite:<file> or mysql://…')
})

function runMove(from: string, to: string) {
  const env = { OLD_DATABASE_URL: from, DATABASE_URL: to, AUTH_SECRET: SECRET }
  return startProgram(move, env).ended
}

async function createFile(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-user-api-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'users.db')}`
}
