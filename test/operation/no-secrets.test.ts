import { inspect } from 'node:util'
import type { AuthOptions, Message } from '@latchkey/core'
import { createOutbox } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { pino } from 'pino'
import { expect, it, onTestFinished, vi } from 'vitest'
import { letEverythingHappen, passwords as secretPasswords } from '../support/every-event.ts'
import { type Host, hosts, hostsOnMemory } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { wrongCode } from '../support/recovery.ts'
import { type Setup, setUp, tokenIn } from '../support/setup.ts'

const passwords = [
  'the first password',
  'the second password',
  'the third password',
  'a wrong guess',
]
const [first = '', second = '', third = '', wrong = ''] = passwords
const email = 'Ada.Private@example.com'
const newEmail = 'Ada.Private@example.org'

/** Keeps what the process prints, until the test ends. */
function listenToOutput(): string[] {
  const lines: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text))
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  return lines
}

/** A whole life over HTTP, with refusals and failures on the way; resolves every answer. */
async function live(setup: Setup, host: Host): Promise<readonly Answer[]> {
  const client = await host.serve(setup.auth)
  const answers: Answer[] = []
  const post = async (path: string, body: unknown, bearer?: string) => {
    const answer = await client.post(host.base + path, body, bearer)
    answers.push(answer)
    return answer
  }
  const login = (password: string) => post('/login', { identifier: email, password })

  await post('/register', { email, password: first })
  const activation = await setup.outbox.next('activate', email)
  await login(first)
  await post('/activate', { identifier: email, code: wrongCode(activation.code ?? '') })
  await post('/activate', { token: tokenIn(activation.link) })
  await post('/activate', { token: tokenIn(activation.link) })
  await post('/register', { email, password: second })
  for (let guess = 0; guess < 6; guess += 1) await login(wrong)
  const { body: started } = await login(first)
  const { body: refreshed } = await post('/refresh', undefined, started.refreshToken)
  const change = { currentPassword: first, newPassword: second }
  await post('/password/change', { ...change, currentPassword: wrong }, refreshed.accessToken)
  const { body: changed } = await post('/password/change', change, refreshed.accessToken)
  const moveTo = (body: object) => post('/email/change', body, changed.accessToken)
  await moveTo({ email: newEmail, currentPassword: wrong })
  await moveTo({ email: newEmail, currentPassword: second })
  const move = await setup.outbox.next('change_email', newEmail)
  await post('/email/confirm', { code: wrongCode(move.code ?? '') }, changed.accessToken)
  await post('/email/confirm', { token: tokenIn(move.link) }, changed.accessToken)
  const left = await setup.outbox.next('email_changed', email)
  answers.push(await client.get('/staff', changed.accessToken))
  answers.push(await client.get(`${host.base}/sessions`, changed.accessToken))
  await post('/email/undo', { token: tokenIn(left.link) })
  await setup.outbox.next('reset_password', email)
  await post('/password/forgot', { identifier: email })
  const reset = await setup.outbox.next('reset_password', email)
  const code = wrongCode(reset.code ?? '')
  await post('/password/reset', { identifier: email, code, newPassword: third })
  await post('/password/reset', { token: tokenIn(reset.link), newPassword: 'short' })
  await post('/password/reset', { token: tokenIn(reset.link), newPassword: third })
  const { body: last } = await login(third)
  await post('/refresh', { refreshToken: last.refreshToken })
  setup.clock.advance(36)
  await post('/revoke', { token: last.refreshToken })
  await post('/logout', undefined, last.accessToken)
  await settled(setup.auth)
  return answers
}

function tokensIn(answers: readonly Answer[]): readonly string[] {
  const bodies = answers.map(({ body }) => body ?? {})
  return bodies.flatMap(({ accessToken, refreshToken }) =>
    accessToken === undefined ? [] : [accessToken, refreshToken],
  )
}

function secretsIn(messages: readonly Message[]): readonly string[] {
  return messages.flatMap(({ link, code }) => [
    ...(link === undefined ? [] : [tokenIn(link)]),
    ...(code === undefined ? [] : [`'${code}'`, `"${code}"`, ` ${code}`]),
  ])
}

/** The store fails now and then, and the mailer with every notice: failures must not tell either. */
function withFailures(options: Partial<AuthOptions> = {}): Setup {
  const store = memoryStore()
  const outbox = createOutbox()
  const { append } = store.events
  let calls = 0
  store.events.append = async (events) => {
    calls += 1
    if (calls % 3 === 0) throw new Error('the log did not answer')
    await append.call(store.events, events)
  }
  const mailer = (message: Message) => {
    outbox.send(message)
    if (message.kind === 'password_changed') throw new Error('the mail server did not answer')
  }
  return { ...setUp({ store, mailer, ...options }), outbox }
}

// The store is the test's own: it fails now and then.
for (const host of hostsOnMemory) {
  it(`S116 S089 lets no secret into an event, an error, the log or the output, served by ${host.name}`, async () => {
    const output = listenToOutput()
    const setup = withFailures()
    const answers = await live(setup, host)
    vi.restoreAllMocks()
    const logged = await eventsOf(setup.store)
    const user = await setup.store.users.findByIdentifier({
      kind: 'email',
      value: email.toLowerCase(),
    })
    const tokens = tokensIn(answers)
    const mailed = secretsIn(setup.outbox.messages)
    const hidden = [...passwords, ...mailed, user?.passwordHash ?? '', '$argon2id$']
    expect([tokens.length, mailed.length]).toEqual([10, 17])
    expect(setup.errors.length).toBeGreaterThan(2)
    expect(logged.length).toBeGreaterThan(10)

    const told = [setup.events, logged, setup.errors, output]
    const record = told.map((one) => JSON.stringify(one) + inspect(one, { depth: null })).join('\n')
    for (const secret of [...hidden, ...tokens]) expect(record).not.toContain(secret)
    expect(record.toLowerCase()).not.toContain('ada.private')
    const said = answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n')
    for (const secret of hidden) expect(said).not.toContain(secret)
  })
}

it('S116 lets no secret and no address of any flow into an event, the log, a line or the output', async () => {
  const output = listenToOutput()
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const { setup, tokens } = await letEverythingHappen({ logger })
  vi.restoreAllMocks()
  const { events, errors, outbox, store } = setup
  const logged = await eventsOf(store)
  const mailed = outbox.messages.flatMap(({ link, code }) => [
    ...(link === undefined ? [] : [tokenIn(link)]),
    ...(code === undefined ? [] : [`"${code}"`, `'${code}'`, ` ${code}`]),
  ])
  expect([tokens.length > 20, mailed.length > 20, lines.length]).toEqual([
    true,
    true,
    events.length,
  ])
  const told = [events, logged, errors, output].map(
    (one) => JSON.stringify(one) + inspect(one, { depth: null }),
  )
  const record = [...told, ...lines].join('\n')
  const hidden = [...Object.values(secretPasswords), ...tokens, ...mailed, '$argon2', 'lk1.', 'eyJ']
  for (const secret of hidden) expect(record).not.toContain(secret)
  for (const name of ['private', 'secretly', '2025550143', '@example.com']) {
    expect(record.toLowerCase()).not.toContain(name)
  }
})

it('S116 S110 shows no secret to whoever prints the auth, its refusals or its own failures', async () => {
  const output = listenToOutput()
  const setup = withFailures({ onError: undefined })
  const [host] = hosts
  const answers = host === undefined ? [] : await live(setup, host)
  vi.restoreAllMocks()
  const { auth } = setup
  const refusals = await Promise.allSettled([
    auth.login({ identifier: email, password: wrong }),
    auth.authenticate(wrong),
    auth.resetPassword({ token: wrong, newPassword: third }),
  ])
  expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  const shown = inspect([auth, refusals], { depth: null, showHidden: true }) + output.join('')
  expect(output.join('')).toMatch(/^latchkey: .* failed: /)
  const secrets = [...passwords, ...tokensIn(answers), ...secretsIn(setup.outbox.messages)]
  expect(secrets.length).toBeGreaterThan(15)
  for (const secret of [...secrets, 'a-secret-for-tests']) expect(shown).not.toContain(secret)
})
