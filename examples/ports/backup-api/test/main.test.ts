import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startProgram, startServer } from '../../../../test/support/program.ts'
import {
  ADA,
  authOn,
  BEN,
  logIn,
  newFolder,
  newStore,
  PASSPHRASE,
  SECRET,
} from './support/service.ts'

const main = new URL('../src/main.ts', import.meta.url)

describe('the service in a process of its own', () => {
  it('dumps, and prints nothing that it should not', async () => {
    const folder = newFolder()
    const env = {
      DATABASE_URL: `sqlite:${join(folder, 'accounts.db')}`,
      AUTH_SECRET: SECRET,
      BACKUP_FOLDER: join(folder, 'backups'),
      BACKUP_PASSPHRASE: PASSPHRASE,
      ADMIN_USERNAME: ADA.username,
      ADMIN_EMAIL: ADA.email,
      ADMIN_PASSWORD: ADA.password,
    }
    const service = await startServer(main, env)
    const { accessToken } = await logIn(service)
    const { body } = await service.client.post('/dump', undefined, accessToken)
    expect(await readdir(env.BACKUP_FOLDER)).toEqual([body.backup])
    const urls = ['/signup/ben/ben@example.com/hunter2secret', '/signup/%E0%A4%A/hunter2secret']
    for (const url of urls) expect((await service.client.get(url)).status).toBe(405)
    const malformed = { headers: { 'content-type': 'application/json' }, body: '{"hunter2secret' }
    expect((await service.client.send('POST', '/login', malformed)).status).toBe(400)

    const { code, output } = await service.stop()
    expect(code).toBe(0)
    for (const secret of ['hunter2secret', ADA.password, accessToken, PASSPHRASE]) {
      expect(output).not.toContain(secret)
    }

    const { ADMIN_PASSWORD, ...later } = env
    const again = await startServer(main, later)
    expect((await logIn(again)).accessToken).toEqual(expect.any(String))
  })

  it('says which setting is wrong where somebody has the name of the administrator', async () => {
    const file = `sqlite:${join(newFolder(), 'accounts.db')}`
    await authOn(await newStore(file)).createUser({ ...BEN, username: 'Admin' })
    const env = { DATABASE_URL: file, AUTH_SECRET: SECRET, BACKUP_PASSPHRASE: PASSPHRASE }
    const admin = { ADMIN_EMAIL: ADA.email, ADMIN_PASSWORD: ADA.password }
    const { code, output } = await startProgram(main, { ...env, ...admin }).ended
    expect(code).toBe(1)
    expect(output).toContain('ADMIN_USERNAME: somebody else is called admin. Give another one.')
  })

  it.each([
    ['AUTH_SECRET', 'short', 'option "secret" must be at least 32 bytes'],
    ['DATABASE_URL', 'redis://x', 'option "url" has the scheme "redis"'],
    ['PORT', 'eighty', 'PORT must be a number from 0 to 65535.'],
    ['BACKUP_PASSPHRASE', 'short', 'BACKUP_PASSPHRASE must have at least 15 characters.'],
    ['BACKUP_KEEP', 'none', 'BACKUP_KEEP must be 1 or more.'],
  ])('says what is wrong with %s=%s', async (name, value, words) => {
    const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET: SECRET, [name]: value }
    const { code, output } = await startProgram(main, {
      BACKUP_PASSPHRASE: PASSPHRASE,
      ...env,
    }).ended
    expect(code).toBe(1)
    expect(output).toContain(words)
  })
})
