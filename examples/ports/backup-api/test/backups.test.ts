import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { restore } from '@latchkey/backup'
import { describe, expect, it } from 'vitest'
import { createApp } from '../src/app.ts'
import { createBackups } from '../src/backups.ts'
import {
  ADA,
  authOn,
  BEN,
  logIn,
  newAdministrator,
  newFolder,
  newStore,
  newUser,
  PASSPHRASE,
  type Service,
  serveFor,
  serveService,
} from './support/service.ts'

describe('POST /dump', () => {
  it('writes two files that only their owner may read, and says how they are called', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    const { status, body } = await service.client.post('/dump', undefined, accessToken)
    expect(status).toBe(201)
    const time = service.clock.now().toISOString().replaceAll(':', '-')
    expect(body.backup).toMatch(new RegExp(`^${time}-\\w{6}$`))

    expect(await readdir(service.folder)).toEqual([body.backup])
    const backup = join(service.folder, body.backup)
    expect((await readdir(backup)).toSorted()).toEqual(['accounts.age', 'accounts.csv'])
    expect(
      await modes(service.folder, backup, `${backup}/accounts.csv`, `${backup}/accounts.age`),
    ).toEqual([0o700, 0o700, 0o600, 0o600])
  })

  it('tells the audit log who did it', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    await service.client.post('/dump', undefined, accessToken)
    const [ada] = (await service.auth.listUsers('system')).users
    const { events } = await service.auth.listEvents('system', { type: 'users.exported' })
    expect(events).toMatchObject([{ actorId: ada?.id, ip: '127.0.0.1', data: { count: 1 } }])
  })

  it('writes one at a time', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    const dumps = [1, 2, 3].map(() => service.client.post('/dump', undefined, accessToken))
    const answers = await Promise.all(dumps)
    const written = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status !== 201)
    expect(written.length).toBeGreaterThan(0)
    for (const { status, headers, body } of refused) {
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'overloaded' })
      expect(headers.get('retry-after')).toBe('5')
    }
    expect(await readdir(service.folder)).toHaveLength(written.length)
    expect((await service.client.post('/dump', undefined, accessToken)).status).toBe(201)
  })

  it('keeps as many as it should, and leaves alone what is not its own', async () => {
    const service = await serveService({ keep: 2 })
    const { accessToken } = await newAdministrator(service)
    await mkdir(join(service.folder, 'kept by hand'), { recursive: true })
    const names: string[] = []
    for (let time = 0; time < 4; time += 1) {
      service.clock.advance(1)
      names.push((await service.client.post('/dump', undefined, accessToken)).body.backup)
    }
    const found = (await readdir(service.folder)).toSorted()
    expect(found).toEqual([...names.slice(2), 'kept by hand'])
  })

  it('leaves nothing behind when it fails, and the backup before as it was', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    const { backup } = (await service.client.post('/dump', undefined, accessToken)).body
    const statuses: number[] = []
    while (statuses.at(-1) !== 201) {
      expect(await readdir(service.folder)).toEqual([backup])
      service.failing.failAt(statuses.length + 1, 'before')
      statuses.push((await service.client.post('/dump', undefined, accessToken)).status)
    }
    expect(statuses.slice(0, -1)).toEqual(expect.arrayContaining([503, 503, 503]))
    expect(new Set(statuses)).toEqual(new Set([503, 201]))
  })

  it('says that the service cannot write, and not where', async () => {
    const file = join(newFolder(), 'a file')
    await writeFile(file, '')
    const service = await serveService({ folder: file })
    const { accessToken } = await newAdministrator(service)
    const answer = await service.client.post('/dump', undefined, accessToken)
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(answer.text).not.toContain(file)
    expect(service.failures).toMatchObject([{ code: 'EEXIST' }])
  })
})

describe('GET /showbackup', () => {
  it('shows the accounts as they were dumped, without a hash', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    service.clock.advance(1)
    await service.auth.createUser({ ...BEN, emailVerified: true })
    await service.client.post('/dump', undefined, accessToken)
    await service.auth.createUser({ ...BEN, username: 'cleo', email: 'cleo@example.com' })

    const { status, headers, text } = await service.client.get('/showbackup', accessToken)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename=accounts.csv')
    expect(headers.get('cache-control')).toBe('no-store')
    const [head, ...rows] = text.trimEnd().split('\r\n')
    expect(head).toBe(
      'id,email,emailVerified,username,phone,phoneVerified,roles,status,createdAt,updatedAt,profile',
    )
    expect(rows).toEqual([
      expect.stringContaining('ada@example.com,true,ada,'),
      expect.stringContaining('ben@example.com,true,ben,'),
    ])
    for (const secret of ['$argon2', ADA.password, BEN.password]) expect(text).not.toContain(secret)
  })

  it('shows the newest', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    await service.client.post('/dump', undefined, accessToken)
    await newUser(service, BEN)
    service.clock.advance(1)
    await service.client.post('/dump', undefined, accessToken)
    const { text } = await service.client.get('/showbackup', accessToken)
    expect(text).toContain(BEN.email)
  })

  it('says that there is none yet', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    const answer = await service.client.get('/showbackup', accessToken)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('looks at no backup that is not finished', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    await mkdir(join(service.folder, '.2026-01-01T00-00-00.000Z-abcdef'), { recursive: true })
    expect((await service.client.get('/showbackup', accessToken)).status).toBe(404)
  })

  it('answers HEAD without the accounts', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    await service.client.post('/dump', undefined, accessToken)
    const headers = { authorization: `Bearer ${accessToken}` }
    const { status, text } = await service.client.send('HEAD', '/showbackup', { headers })
    expect({ status, text }).toEqual({ status: 200, text: '' })
  })
})

describe('the encrypted file of a backup', () => {
  it('is restored into an empty database, where everybody logs in with their password', async () => {
    const service = await serveService()
    const { accessToken, refreshToken } = await newAdministrator(service)
    await newUser(service, BEN)
    const file = await dumped(service, accessToken)

    const restored = await newStore()
    const report = await restore(restored, createReadStream(file), { passphrase: PASSPHRASE })
    expect(report).toMatchObject({ users: 2, conflicts: [] })

    const client = await serviceOn(restored)
    const before = await client.post('/auth/refresh', { refreshToken })
    expect(before).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect((await client.post('/login', BEN)).body.user).toMatchObject({ roles: ['user'] })
    const ada = await logIn({ client })
    expect((await client.post('/dump', undefined, ada.accessToken)).status).toBe(201)
  })

  it('tells nothing without the passphrase', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    const file = await dumped(service, accessToken)
    const bytes = await readFile(file)
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    for (const known of ['ada', '$argon2']) expect(bytes.includes(known)).toBe(false)
    const attempt = restore(await newStore(), createReadStream(file), { passphrase: ADA.password })
    await expect(attempt).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })
})

async function modes(...paths: readonly string[]): Promise<readonly number[]> {
  return Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o777))
}

/** Makes a backup, and resolves the path of its encrypted file. */
async function dumped({ client, folder }: Service, accessToken: string): Promise<string> {
  const { backup } = (await client.post('/dump', undefined, accessToken)).body
  return join(folder, backup, 'accounts.age')
}

/** The service on another database. */
function serviceOn(store: Awaited<ReturnType<typeof newStore>>) {
  const auth = authOn(store)
  const folder = newFolder()
  const options = { auth, store, folder, passphrase: PASSPHRASE, workFactor: 1 }
  return serveFor(createApp({ auth, backups: createBackups(options) }))
}
