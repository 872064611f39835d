import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram, startServer } from '../../../test/support/program.ts'
import { ADMIN, change, logIn, PASSWORD, tokenIn } from './support/apps.ts'

const before = new URL('../src/before/main.ts', import.meta.url)
const after = new URL('../src/after/main.ts', import.meta.url)
const ADA = 'ada@example.com'
const ada = { email: ADA, displayName: 'Ada', team: 'Chess' }
const secrets = {
  AUTH_SECRET: 'a-secret-for-tests-0123456789-abcdefghijk',
  ADMIN_PASSWORD: PASSWORD,
  ORIGIN: 'http://localhost:3000', // the port is another at each start
}

type Server = Awaited<ReturnType<typeof startServer>>

describe('the app in a process of its own', { timeout: 30_000 }, () => {
  it('gets accounts in the file that it has, and keeps its members', async () => {
    const DATABASE_FILE = newFile()
    const old = await startServer(before, { DATABASE_FILE })
    expect((await old.client.post('/members', ada)).status).toBe(201)
    expect(await old.stop()).toMatchObject({ code: 0 })

    const app = await startServer(after, { DATABASE_FILE, ...secrets })
    expect((await app.client.get('/')).text).toContain('Ada</a>, Chess')
    const bearer = await bearerOfNew(app)
    const profile = { displayName: 'Ada', team: 'Engines' }
    expect((await change(app, '/members/1', profile, bearer)).status).toBe(200)
    expect(await app.stop('SIGINT')).toMatchObject({ code: 0 })

    // The way back: the app as it was does not mind the tables and the column beside its own.
    const again = await startServer(before, { DATABASE_FILE })
    expect((await again.client.get('/members/1')).text).toContain('Team: Engines')
    await again.stop()
    await expect(startServer(after, { DATABASE_FILE, ...secrets })).resolves.toBeDefined()
  })

  it('goes on with its sessions and its administrator when it starts again', async () => {
    const env = { DATABASE_FILE: newFile(), ...secrets }
    const first = await startServer(after, env)
    const bearer = await bearerOfNew(first)
    const { accessToken } = await logIn(first, ADMIN)
    await first.stop()

    const { client } = await startServer(after, env)
    expect((await client.get('/auth/me', bearer)).body.email).toBe(ADA)
    expect((await client.get('/admin', accessToken)).status).toBe(200)
  })

  it('says which option is missing', async () => {
    const { code, output } = await startProgram(after, { DATABASE_FILE: newFile() }).ended
    expect(code).toBe(1)
    expect(output).toContain(
      'option "secret" is missing (is its variable set?), and must be at least 32 bytes',
    )
  })

  it.each([before, after])('ends when its port is in use', async (file) => {
    const PORT = await portInUse()
    const { code, output } = await startProgram(file, {
      ...secrets,
      DATABASE_FILE: newFile(),
      PORT,
    }).ended
    expect(code).toBe(1)
    expect(output).toContain('EADDRINUSE')
  })
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-members-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'members.db')
}

async function bearerOfNew(app: Server): Promise<string> {
  await app.client.post('/auth/register', { email: ADA, password: PASSWORD })
  const token = tokenIn(await app.printed(/To: ada@example\.com\n[\s\S]*?(#token=\S+)/))
  await app.client.post('/auth/activate', { token })
  return (await logIn(app, ADA)).accessToken
}

async function portInUse(): Promise<string> {
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return String(Object(server.address()).port)
}
