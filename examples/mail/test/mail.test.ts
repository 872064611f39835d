import type { AuthOptions } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAccounts } from '../src/accounts.ts'
import { smtpMailer } from '../src/mailer.ts'
import { patientMailer } from '../src/patient-mailer.ts'
import { type Arrival, type MailServer, startMailServer } from './support/smtp.ts'

const ADA = 'ada@example.org'
const PASSWORD = 'correct horse battery'
const NEW_PASSWORD = 'another fine password'

/** Accounts whose messages go through a real mail server. */
async function setUp(options: Partial<Pick<AuthOptions, 'messages'>> = {}) {
  const server = await startMailServer()
  const mail = smtpMailer({ url: server.url, from: 'Exämple <accounts@example.org>' })
  const store = sqlStore({ url: 'sqlite::memory:' })
  await store.migrate()
  const errors: unknown[] = []
  const auth = createAccounts({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    origin: 'https://app.example.org',
    store,
    mailer: patientMailer(mail.send, [1, 1]),
    passwords: weakPasswords,
    maintenance: false,
    onError: (error) => errors.push(error),
    ...options,
  })
  onTestFinished(async () => {
    await auth.close()
    mail.close()
    await store.close()
  })
  return { auth, server, errors }
}

type Setup = Awaited<ReturnType<typeof setUp>>

/** Registers Ada, and resolves when the message has gone out, or has not. */
async function register(
  { auth }: Setup,
  profile: Readonly<Record<string, string>> = {},
  email = ADA,
) {
  await auth.register({ email, password: PASSWORD, profile })
  await auth.close()
}

function newest({ server }: Setup): Arrival {
  const arrival = server.arrivals.at(-1)
  if (arrival === undefined) throw new Error('nothing has arrived')
  return arrival
}

const tokenIn = (text: string | undefined) => /#token=([\w-]{43})/.exec(text ?? '')?.[1] ?? ''

async function activate({ auth }: Setup, { arrivals }: MailServer) {
  await auth.activate({ token: tokenIn(arrivals.at(-1)?.mail.text) })
  const { accessToken } = await auth.login({ identifier: ADA, password: PASSWORD })
  return auth.authenticate(accessToken)
}

describe('a message that goes out by SMTP', () => {
  it('comes from the sender that is configured, to one reader, as text and as HTML', async () => {
    const setup = await setUp()
    await register(setup)
    expect(setup.errors).toEqual([])
    expect(setup.server.arrivals).toHaveLength(1)
    const { recipients, sender, mail, raw } = newest(setup)
    expect([sender, recipients]).toEqual(['accounts@example.org', [ADA]])
    expect(mail.from).toMatchObject({ name: 'Exämple', address: 'accounts@example.org' })
    expect(mail.to).toEqual([{ name: '', address: ADA }])
    expect(mail.subject).toBe('Example: Activate your account')
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m)
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    const token = tokenIn(mail.text)
    expect(token).not.toBe('')
    expect(mail.html).toContain(`href="https://app.example.org/activate#token=${token}"`)
    await activate(setup, setup.server)
  })

  it('is in the language of its reader', async () => {
    const setup = await setUp()
    await register(setup, { language: 'de' })
    const [arrival] = setup.server.arrivals
    expect(arrival?.mail.subject).toBe('Example: Aktivieren Sie Ihr Konto')
    expect(arrival?.mail.text).toContain('Bitte bestätigen Sie')
    expect(arrival?.mail.html).toContain('<div lang="de">')
  })

  it.each([
    ['Ada@BÜCHER.example', 'Ada@xn--bcher-kva.example'],
    ["O'Brien+Shop@example.org", "O'Brien+Shop@example.org"],
  ])('S015 reaches %s as %s, and nobody else', async (email, recipient) => {
    const setup = await setUp()
    await register(setup, {}, email)
    const [arrival] = setup.server.arrivals
    expect(arrival?.recipients).toEqual([recipient])
    expect(arrival?.mail.to).toEqual([{ name: '', address: recipient }])
  })
})

describe('S085 a user who writes headers', () => {
  it.each([
    `${ADA}\r\nBcc: victim@example.org`,
    `victim@example.org, ${ADA}`,
    `victim@example.org <${ADA}>`,
    `"victim@example.org x"@example.org`,
    `${ADA}>\r\nDATA\r\nSubject: x`,
  ])('cannot do it by the address %j', async (email) => {
    const setup = await setUp()
    const refused = expect(setup.auth.register({ email, password: PASSWORD })).rejects
    await refused.toMatchObject({ code: 'invalid_input' })
    await setup.auth.close()
    expect(setup.server.arrivals).toEqual([])
  })

  it('cannot do it by a name that a message mentions', async () => {
    const setup = await setUp()
    const name = 'Ada\r\nBcc: victim@example.org\r\n\r\n<a href="//evil.example">Click</a>'
    await register(setup, { name })
    const principal = await activate(setup, setup.server)
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await setup.auth.changePassword(principal, change)
    await setup.auth.close()
    const { recipients, mail } = newest(setup)
    expect(mail.subject).toBe('Example: Your password was changed')
    expect([recipients, mail.bcc]).toEqual([[ADA], undefined])
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
    expect(mail.text).toContain(`Hello Ada`)
    expect(mail.html).not.toContain('<a href="//evil')
    expect(mail.html).toContain('&#60;a href=&#34;//evil.example&#34;&#62;')
  })

  it('cannot do it by a subject of the application', async () => {
    const subject = 'Hello\r\nBcc: victim@example.org\r\n\r\nBody'
    const activate = () => ({ subject, text: 'text', html: '<p>html</p>' })
    const setup = await setUp({ messages: { compose: { activate } } })
    await register(setup)
    const { recipients, mail } = newest(setup)
    expect(mail.subject).toBe('Hello Bcc: victim@example.org Body')
    expect([recipients, mail.bcc, mail.text?.trim()]).toEqual([[ADA], undefined, 'text'])
  })
})

describe('S103 a mail server that fails', () => {
  it.each([
    ['refuses for good', (server: MailServer) => server.refuse(550)],
    ['cannot be reached', (server: MailServer) => server.stop()],
    ['says "not now" too often', (server: MailServer) => server.refuse(451, 421, 452)],
  ])('and %s changes no answer, and is reported once', async (_, fail) => {
    const setup = await setUp()
    await fail(setup.server)
    await register(setup)
    expect(setup.server.arrivals).toEqual([])
    expect(setup.errors).toEqual([expect.any(Error)])
    const login = setup.auth.login({ identifier: ADA, password: PASSWORD })
    await expect(login).rejects.toMatchObject({ code: 'account_not_activated' })
  })

  it('and says "not now" gets the message later, once', async () => {
    const setup = await setUp()
    setup.server.refuse(451, 421)
    await register(setup)
    expect([setup.server.arrivals.length, setup.errors]).toEqual([1, []])
  })
})
