import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Application } from '../src/application.ts'
import { type DemoProcess, run, shell, startMain } from './support/processes.ts'

/** How the demo starts, what it prints, and how it ends. */
export function describeMain(app: Application): void {
  describe('the demo in a process of its own', { timeout: 30_000 }, () => {
    it('prints commands that work as they are printed, and where accounts are administered', async () => {
      const demo = await startMain(app)
      const [register = '', outbox = '', login = '', ...more] = commandsOf(demo)
      expect(more).toEqual([])
      expect(demo.greeting).toContain(`${demo.url}/accounts\n`)
      expect(await shell(register)).toContain('202 Accepted')
      expect(JSON.parse(await shell(outbox))).toMatchObject({
        messages: [{ kind: 'activate', to: 'ada@example.com' }],
      })
      const answer = await shell(login)
      expect(answer).toContain('200 OK')
      expect(answer).toContain('"roles":["user","admin"]')
    })

    it('prints a login that works with a password that is hard on shells', async () => {
      const demo = await startMain(app, { DEMO_ADMIN_PASSWORD: `it's "$HOME" \\ \`here\` & there` })
      expect(await shell(commandsOf(demo)[2] ?? '')).toContain('200 OK')
    })

    it('makes a password and a secret for each start, and says so', async () => {
      const [first, second] = [await startMain(app), await startMain(app)]
      expect(first.greeting).toContain('AUTH_SECRET is not set')
      expect(passwordIn(first)).toMatch(/^[\w-]{16}$/)
      expect(passwordIn(first)).not.toBe(passwordIn(second))
    })

    it('takes both from the environment', async () => {
      const AUTH_SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
      const demo = await startMain(app, { AUTH_SECRET, DEMO_ADMIN_PASSWORD: 'paper boats' })
      expect(passwordIn(demo)).toBe('paper boats')
      expect(demo.greeting).not.toContain('AUTH_SECRET')
    })

    it.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
      const demo = await startMain(app)
      await fetch(demo.url).then((response) => response.text()) // leaves a connection that is kept alive
      expect(await demo.stop(signal)).toMatchObject({ code: 0, stderr: '' })
    })

    it('does not wait for connections that never ask for anything', async () => {
      const demo = await startMain(app)
      const socket = connect(Number(new URL(demo.url).port), 'localhost')
      socket.on('error', () => {}) // the demo may cut it off
      await once(socket, 'connect')
      expect(await demo.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
    })
  })

  describe('what cannot be started is said in one line', { timeout: 30_000 }, () => {
    it.each([
      ['PORT', 'eighty', 'PORT must be a whole number from 0 to 65535, not "eighty".'],
      ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, not "65536".'],
      ['DEMO_ADMIN_PASSWORD', 'short', 'DEMO_ADMIN_PASSWORD is refused: Choose at least 8 charac'],
      ['DEMO_ADMIN_PASSWORD', 'password1', 'DEMO_ADMIN_PASSWORD is refused: Choose a password'],
      [
        'DATABASE_URL',
        'redis://x',
        'DATABASE_URL is refused: sqlStore: option "url" has the scheme',
      ],
      [
        'DATABASE_URL',
        '/no/where.db',
        'DATABASE_URL: the SQLite database /no/where.db cannot be op',
      ],
      ['DATABASE_URL', 'postgres://u:pw@127.0.0.1:1/x', 'DATABASE_URL: PostgreSQL does not answer'],
      ['AUTH_SECRET', 'short', 'AUTH_SECRET is refused: createAuth: option "secret" must be at'],
    ])('%s=%s', async (name, value, words) => {
      const { code, stdout, stderr } = await run(app, 'main.ts', { PORT: '0', [name]: value })
      expect(stderr.split('\n')).toEqual([expect.stringContaining(words), ''])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    })

    it('a port in use', async () => {
      const { port: PORT } = new URL((await startMain(app)).url)
      expect(await run(app, 'main.ts', { PORT })).toEqual({
        code: 1,
        stdout: '',
        stderr: `Port ${PORT} is in use: choose another one with PORT.\n`,
      })
    })
  })
}

function commandsOf({ greeting }: DemoProcess): string[] {
  return [...greeting.matchAll(/^ *(curl .*)$/gm)].map(([, command = '']) => `${command} -sS`)
}

function passwordIn({ greeting }: DemoProcess): string | undefined {
  return /with the password (.*)/.exec(greeting)?.[1]
}
