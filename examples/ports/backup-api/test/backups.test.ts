import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
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

  it('keeps what it has just written, though others have later names', async () => {
    const service = await serveService({ keep: 2 })
    const { accessToken } = await newAdministrator(service)
    const later = [1, 2, 3].map((month) => `2999-0${month}-01T00-00-00.000Z-abcdef`)
    for (const name of later) await mkdir(join(service.folder, name), { recursive: true })
    const { backup } = (await service.client.post('/dump', undefined, accessToken)).body
    expect((await readdir(service.folder)).toSorted()).toEqual([backup, later[2]].toSorted())
    expect((await service.client.get('/showbackup', accessToken)).text).toContain(ADA.email)
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

  it('shows an older one when a folder or file of that name has no accounts', async () => {
    const service = await serveService()
    const { accessToken } = await newAdministrator(service)
    await service.client.post('/dump', undefined, accessToken)
    await mkdir(join(service.folder, '2999-01-01T00-00-00.000Z-abcdef'))
    await writeFile(join(service.folder, '2999-01-02T00-00-00.000Z-abcdef'), '')
    expect((await service.client.get('/showbackup', accessToken)).text).toContain(ADA.email)
  })

  it.skipIf(process.platform !== 'linux')(
    'leaves no file open when clients go away',
    { timeout: 30_000 },
    async () => {
      const service = await serveService()
      const { accessToken } = await newAdministrator(service)
      await service.client.post('/dump', undefined, accessToken)
      const { port } = new URL(service.client.url)
      const request = `GET /showbackup HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${accessToken}\r\n\r\n`
      for (let time = 0; time < 300; time += 1) {
        const socket = connect(Number(port), new URL(service.client.url).hostname)
        await once(socket, 'connect')
        await new Promise((resolve) => socket.write(request, resolve))
        socket.resetAndDestroy()
      }
      expect((await service.client.get('/showbackup', accessToken)).status).toBe(200)
      // Sooner than a garbage collection would close them.
      await expect.poll(() => openCsvs(service.folder), { timeout: 2_000 }).toBe(0)
    },
  )

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

/** How many files below the folder this process has open. */
async function openCsvs(folder: string): Promise<number> {
  const open = await readdir('/proc/self/fd')
  const paths = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(folder)).length
}

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
