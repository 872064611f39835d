import { Writable } from 'node:stream'
import type { Logger } from '@latchkey/core'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { loginOutcome } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const ADA = 'ada@example.com'

/** A real pino, and what it has written. */
function pinoOnStream() {
  let written = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk
      done()
    },
  })
  const lines = () => written.split('\n').slice(0, -1)
  return { logger: pino(stream), lines, records: () => lines().map((line) => JSON.parse(line)) }
}

const LEVELS = { info: 30, warn: 40, error: 50 }

describe('the logger', () => {
  it('S115 writes one line for each event: what went through as info, what was refused as warn', async () => {
    const { logger, records } = pinoOnStream()
    const setup = setUp({ logger })
    const { user, session } = await accountOf(setup)
    await loginOutcome(setup, ADA, 'a wrong password')
    await settled(setup.auth)
    expect(records().map(({ msg, level }) => [msg, level])).toEqual([
      ['user.registered', LEVELS.info],
      ['user.activated', LEVELS.info],
      ['session.started', LEVELS.info],
      ['login.failed', LEVELS.warn],
    ])
    const [, , started, failed] = records()
    const { id: eventId, at } = setup.events[2] ?? {}
    expect(started).toEqual({
      ...standard,
      level: LEVELS.info,
      msg: 'session.started',
      event: 'session.started',
      eventId,
      at: at?.toISOString(),
      outcome: 'success',
      userId: user.id,
      sessionId: session.sessionId,
      methods: ['pwd'],
    })
    expect(failed).toMatchObject({ userId: user.id, reason: 'wrong_password', outcome: 'failure' })
  })

  it('S116 says what failed by name and code, where nobody else listens', async () => {
    const { logger, records } = pinoOnStream()
    const failure = Object.assign(new Error(`550 no mailbox <${ADA}>`), { code: 'EENVELOPE' })
    const setup = setUp({
      logger,
      onError: undefined,
      mailer: () => Promise.reject(failure),
    })
    await setup.auth.register({ email: ADA, password: PASSWORD })
    await settled(setup.auth)
    expect(records().at(-1)).toEqual({
      ...standard,
      level: LEVELS.error,
      msg: 'sending the message "activate" failed',
      what: 'sending the message "activate"',
      error: 'Error (EENVELOPE)',
      cause: null,
    })
    expect(JSON.stringify(records())).not.toContain(ADA)
  })

  it('writes beside `onError`, which hears of the whole failure', async () => {
    const { logger, records } = pinoOnStream()
    const failure = new Error('the mail server did not answer')
    const setup = setUp({ logger, mailer: () => Promise.reject(failure) })
    await setup.auth.register({ email: ADA, password: PASSWORD })
    await settled(setup.auth)
    expect(setup.errors).toEqual([failure])
    expect(records().at(-1)?.level).toBe(LEVELS.error)
  })

  it('S103 that fails is reported, and not felt', async () => {
    const fail = () => {
      throw new Error('the disk is full')
    }
    const setup = setUp({ logger: { info: fail, warn: fail, error: fail } })
    await accountOf(setup)
    await settled(setup.auth)
    expect(setup.errors).toEqual(Array.from({ length: 3 }, () => new Error('the disk is full')))
  })

  it('is called as the object that it is', async () => {
    class Lines implements Logger {
      readonly messages: string[] = []
      info = (_fields: object, message: string) => this.messages.push(message)
      warn(_fields: object, message: string) {
        this.messages.push(message)
      }
      error(_fields: object, message: string) {
        this.messages.push(message)
      }
    }
    const logger = new Lines()
    const setup = setUp({ logger })
    await loginOutcome(setup, ADA)
    await settled(setup.auth)
    expect(logger.messages).toEqual(['login.failed'])
  })
})

const standard = {
  time: expect.any(Number),
  pid: process.pid,
  hostname: expect.any(String),
}

const hostile = [
  ['line ends', 'a\r\n{"level":30,"msg":"forged"}\n'],
  ['ANSI escapes', '\u001b[2J\u001b]0;title\u0007\u009b31m'],
  ['NUL', 'a\u0000b'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c'],
  ['another direction', 'a\u202eb\u2066c\u200fd'],
  ['half a character', 'a\ud800'],
  ['10 MB', 'x'.repeat(10_000_000)],
] as const

describe('a value of a client', () => {
  it.each(hostile)('S117 with %s forges no line and floods none', async (_, value) => {
    const { logger, lines, records } = pinoOnStream()
    const setup = setUp({ logger })
    await accountOf(setup)
    // Lines are written off the response path.
    await vi.waitFor(() => expect(records().at(-1)?.msg).toBe('session.started'))
    const before = lines().length
    const login = { identifier: value.slice(0, 300), password: value.slice(0, 300) }
    await setup.auth.login(login, { ip: value, userAgent: value }).catch(() => {})
    await setup.auth.login({ identifier: ADA, password: PASSWORD }, { userAgent: value })
    await settled(setup.auth)
    const added = lines().slice(before)
    expect(added.length).toBeLessThanOrEqual(2)
    for (const line of added) {
      expect(line.length).toBeLessThan(1000)
      // Neither raw nor as an escape that a viewer would undo.
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]|\\[unr]/u)
    }
    expect(records().at(-1)?.msg).toBe('session.started')
  })

  it('S117 is encoded where it names members of a profile, and is not told without end', async () => {
    const { logger, lines, records } = pinoOnStream()
    const setup = setUp({ logger, profile: z.record(z.string(), z.number()) })
    const { session } = await accountOf(setup)
    const principal = await setup.auth.authenticate(session.accessToken)
    const names = ['a\u2028b', '\u001b[2J', '\u009b31m', '\u202egpj.exe', '{"level":30}\r\n']
    const many = Array.from({ length: 200 }, (_, index) => `member-${index}`)
    const profile = Object.fromEntries([...names, ...many].map((name) => [name, 1]))
    await setup.auth.updateAccount(principal, { profile })
    await settled(setup.auth)
    expect(records().at(-1)).toMatchObject({ msg: 'profile.changed', outcome: 'success' })
    expect(records().at(-1)?.fields.length).toBeLessThan(40)
    expect(lines().at(-1)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]|\\[unr]/u)
  })
})
