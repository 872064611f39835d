import {
  type AuthOptions,
  ConfigurationError,
  escapeHtml,
  type Language,
  type Message,
} from '@latchkey/core'
import { english, german } from '@latchkey/core/languages'
import { createOutbox } from '@latchkey/core/testing'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { loginOutcome } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const ADA = 'ada@example.com'
const profile = z.record(z.string(), z.string())

/** The message that a reset sends to Ada, who has this profile; `undefined` when none is sent. */
async function resetMessage(
  options: Partial<AuthOptions>,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly message: Message | undefined; readonly errors: readonly unknown[] }> {
  const setup = setUp({ profile, ...options })
  const { auth, store, outbox, errors } = setup
  await auth.createUser({ email: ADA, password: PASSWORD })
  const user = await store.users.findByIdentifier({ kind: 'email', value: ADA })
  if (user !== null) await store.users.update(user.id, user.version, { profile: fields })
  await auth.forgotPassword({ identifier: ADA })
  await settled(auth)
  return { message: outbox.messages.at(-1), errors }
}

describe('the language of a message', () => {
  const languages = [english, german] as const
  const languageOf = (user: Message['user']) => user.profile.language

  it.each([
    [{ language: 'de' }, 'de', 'app.example: Wählen Sie ein neues Passwort', '30 Minuten'],
    [{ language: 'de-CH' }, 'de', 'app.example: Wählen Sie ein neues Passwort', '30 Minuten'],
    [{ language: 'fr' }, 'en', 'app.example: Choose a new password', '30 minutes'],
    [{}, 'en', 'app.example: Choose a new password', '30 minutes'],
  ])('is what the application reads from the profile %j: %s', async (fields, ...expected) => {
    const { message } = await resetMessage({ messages: { languages, languageOf } }, fields)
    const [locale, subject, duration] = expected
    expect(message).toMatchObject({ locale, subject, text: expect.stringContaining(`${duration}`) })
  })

  it('is English, unless another one comes first', async () => {
    expect((await resetMessage({})).message?.locale).toBe('en')
    const only = await resetMessage({ messages: { languages: [german] } })
    expect(only.message?.locale).toBe('de')
  })

  it('may be one of the application', async () => {
    const messages = {
      ...english.messages,
      reset_password: { subject: 'Ny adgangskode', lines: ['Hej.'], action: 'Vælg', sms: '{code}' },
    }
    const danish: Language = { ...english, locale: 'da', messages }
    const { message } = await resetMessage({ messages: { languages: [danish] } })
    expect(message).toMatchObject({ locale: 'da', subject: 'app.example: Ny adgangskode' })
    expect(message?.html).toContain('>Vælg</a>')
  })

  it('S103 leaves the message unsent where the application cannot tell it, and reports that', async () => {
    const failure = new Error('the profile cannot be read')
    const failing = () => {
      throw failure
    }
    const { message, errors } = await resetMessage({ messages: { languageOf: failing } })
    expect([message, errors]).toEqual([undefined, [failure]])
  })
})

describe('an e-mail of the application', () => {
  const own = { subject: 'Forgotten?', text: 'Here it is.', html: '<p>Here it is.</p>' }

  it('takes the place of the ready one, which it knows, at once or later', async () => {
    for (const wait of [false, true]) {
      let ready: Message | undefined
      const compose = {
        reset_password: (message: Message) => {
          ready = message
          return wait ? Promise.resolve(own) : own
        },
      }
      const { message } = await resetMessage({ messages: { compose } })
      expect(message).toEqual({ ...ready, ...own })
      expect(ready).toMatchObject({
        kind: 'reset_password',
        channel: 'email',
        to: ADA,
        locale: 'en',
        subject: 'app.example: Choose a new password',
        link: expect.stringMatching(/#token=/),
        code: expect.stringMatching(/^\d{8}$/),
        user: { email: ADA },
      })
    }
  })

  it('leaves other kinds alone', async () => {
    const { message } = await resetMessage({ messages: { compose: { activate: () => own } } })
    expect(message?.subject).toBe('app.example: Choose a new password')
  })

  it('S085 can say a name that its owner chose, and escapes it', async () => {
    const name = '<a href="//evil.example">Click</a>'
    const compose = {
      reset_password: ({ link, user, ...ready }: Message) => ({
        ...ready,
        html: `<p>${escapeHtml(String(user.profile.name))}</p><a href="${escapeHtml(link ?? '')}">Go</a>`,
      }),
    }
    const { message } = await resetMessage({ messages: { compose } }, { name })
    expect(message?.html).toContain(
      '<p>&#60;a href=&#34;//evil.example&#34;&#62;Click&#60;/a&#62;</p>',
    )
  })

  it.each([
    ['a header', 'Hello\r\nBcc: victim@example.com', 'Hello Bcc: victim@example.com'],
    ['a body', 'Hello\n\n<script>', 'Hello <script>'],
    ['other line ends', 'a\u2028b\u2029c\u0085d\u0000e', 'a b c d e'],
    ['another direction', 'invoice\u202efdp.exe', 'invoice fdp.exe'],
    ['half a character', '\ud800', '\ufffd'],
  ])('S085 cannot begin %s in its subject', async (_, subject, sent) => {
    const compose = { reset_password: () => ({ ...own, subject }) }
    const { message } = await resetMessage({ messages: { compose } })
    expect(message?.subject).toBe(sent)
  })

  it.each([
    ['throws', () => Promise.reject(new TypeError('the template is broken'))],
    ['returns nothing', () => undefined],
    ['leaves out the text', () => ({ subject: 'a', html: 'b' })],
  ])('S103 that %s is reported, and nothing is sent in its place', async (_, composer) => {
    // What JavaScript gives is not what the types promise.
    const compose = { reset_password: composer as () => typeof own }
    const { message, errors } = await resetMessage({ messages: { compose } })
    expect(message).toBeUndefined()
    expect(errors).toEqual([expect.any(TypeError)])
  })

  it('S103 that fails changes nothing else', async () => {
    const compose = { activate: () => Promise.reject(new Error('the template is broken')) }
    const setup = setUp({ messages: { compose } })
    await expect(setup.auth.register({ email: ADA, password: PASSWORD })).resolves.toBeUndefined()
    await settled(setup.auth)
    expect(await loginOutcome(setup, ADA)).toBe('account_not_activated')
  })
})

describe('the option "messages"', () => {
  const { reset_password: _, ...incomplete } = english.messages

  it.each([
    ['messages.languages.0', /must be a language, such as/, { languages: [] }],
    ['messages.languages', /two languages of one locale/, { languages: [english, english] }],
    [
      'messages.languages.0.messages.reset_password',
      /every kind of message needs words/,
      { languages: [{ ...english, messages: incomplete }] },
    ],
    ['messages.languageOf', /function that returns a locale/, { languageOf: 'de' }],
    [
      'messages.compose.activate',
      /returns \{ subject, text, html \}/,
      { compose: { activate: {} } },
    ],
    ['messages.compose.welcome', /does not exist/, { compose: { welcome: () => {} } }],
    ['messages.lang', /does not exist/, { lang: 'de' }],
  ])('names "%s" and the remedy %s', (option, remedy, messages) => {
    const create = () => setUp({ messages: messages as AuthOptions['messages'] })
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(remedy)
    expect(create).toThrow(`createAuth: option "${option}" `)
  })
})

it('greets a new user in the language that they registered with', async () => {
  const languageOf = (user: Message['user']) => user.profile.language
  const setup = setUp({ profile, messages: { languages: [english, german], languageOf } })
  await accountOf(setup, 'other@example.com')
  await setup.auth.register({ email: ADA, password: PASSWORD, profile: { language: 'de' } })
  expect(await setup.outbox.next('activate', ADA)).toMatchObject({ locale: 'de' })
  await setup.auth.resendActivation({ identifier: ADA })
  expect(await setup.outbox.next('activate', ADA)).toMatchObject({ locale: 'de' })
})

it('goes by the way of its address: mail by `mailer`, text messages by `sms`', async () => {
  const [mails, texts] = [createOutbox(), createOutbox()]
  const options = { identifiers: ['email', 'phone'], activation: 'phone' } as const
  const setup = setUp({ ...options, mailer: mails.send, sms: texts.send })
  const phone = '+12025550143'
  await setup.auth.register({ email: ADA, phone, password: PASSWORD })
  const { code = '', text, channel, link } = await texts.next('activate', phone)
  expect([text, channel, link]).toEqual([
    `app.example: ${code} activates your account. It works for 5 minutes.`,
    'sms',
    undefined,
  ])
  expect(mails.messages).toEqual([])
  await setup.auth.activate({ identifier: phone, code })
  expect(await mails.next('change_email', ADA)).toMatchObject({ channel: 'email' })
  expect(texts.messages).toHaveLength(1)
})
