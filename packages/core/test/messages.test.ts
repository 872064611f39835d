import { describe, expect, it } from 'vitest'
import type { Settings } from '../src/context.ts'
import { composeMessage } from '../src/messages/compose.ts'
import { durationInWords } from '../src/messages/duration.ts'
import { english } from '../src/messages/english.ts'
import { german } from '../src/messages/german.ts'
import type { Language } from '../src/messages/language.ts'
import { messagesSchema } from '../src/messages/messages-schema.ts'
import type { MessageDraft, MessageKind } from '../src/messages.ts'
import { user } from './support/token-context.ts'

const now = new Date('2030-01-01T00:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const kinds = Object.keys(english.messages) as readonly MessageKind[]
const languages: readonly Language[] = [english, german]
const everything = languages.flatMap((language) =>
  kinds.map((kind) => ({ language, locale: language.locale, kind })),
)
const ada = user({ email: 'ada@example.com', phone: null })
const onlyByPhone = user({ email: null, emailAsTyped: null, phone: '+12025550100' })

const known = {
  appName: 'Example & Sons',
  origin: 'https://app.example',
  links: {
    activate: '/hello?a=1&token={token}',
    resetPassword: '/again#token={token}',
    changeEmail: '/new#token={token}',
    undoEmailChange: '/old#token={token}',
    acceptInvitation: '/join#token={token}',
  },
  profileRules: { rating: { read: 'administrator' } },
} satisfies Partial<Settings>

/** What a flow draws up that has all of it. */
const full = {
  token: 'TOKEN',
  code: '012345',
  expiresAt: later(24 * 60),
  codeExpiresAt: later(10),
}

interface Around {
  readonly appName?: string
  readonly languages?: readonly [Language, ...Language[]]
  readonly languageOf?: () => unknown
}

function compose(draft: Partial<MessageDraft> = {}, around: Around = {}) {
  const { languages = [english], languageOf = () => undefined, ...changes } = around
  const settings = { ...known, ...changes } as Partial<Settings> as Settings
  const message = composeMessage(
    { settings, languages, languageOf },
    { kind: 'activate', to: ada, ...draft },
    now,
  )
  if (message === null) throw new Error('there is no message')
  return message
}

describe('a message', () => {
  it('carries its link and its code in the data, the text and the HTML', () => {
    const { link, code, text, html, expiresAt, codeExpiresAt } = compose(full)
    expect([link, code]).toEqual(['https://app.example/hello?a=1&token=TOKEN', '012345'])
    expect([expiresAt, codeExpiresAt]).toEqual([full.expiresAt, full.codeExpiresAt])
    expect(text).toContain('\nhttps://app.example/hello?a=1&token=TOKEN\n')
    expect(text).toContain('012345')
    expect(html).toContain('href="https://app.example/hello?a=1&#38;token=TOKEN"')
    expect(html).toContain('<strong>012345</strong>')
  })

  it.each([
    ['activate', 'https://app.example/hello?a=1&token=TOKEN'],
    ['activate_again', 'https://app.example/hello?a=1&token=TOKEN'],
    ['reset_password', 'https://app.example/again#token=TOKEN'],
    ['change_email', 'https://app.example/new#token=TOKEN'],
    ['email_changed', 'https://app.example/old#token=TOKEN'],
    ['invitation', 'https://app.example/join#token=TOKEN'],
  ] as const)('S076 of the kind "%s" leads to %s', (kind, page) => {
    expect(compose({ kind, ...full }).link).toBe(page)
  })

  it('says for how long link and code work', () => {
    const { text, html } = compose(full)
    for (const words of [text, html]) {
      expect(words).toMatch(/link works for 24 hours/)
      expect(words).toMatch(/code: .*012345.* \(it works for 10 minutes\)/)
    }
  })

  it('speaks of no code where there is none', () => {
    const { code, text, html } = compose({ token: 'TOKEN', expiresAt: later(30) })
    expect(code).toBeUndefined()
    expect(text + html).not.toMatch(/code|undefined/)
  })

  it('says until when an account can be kept that is to be deleted', () => {
    const to = user({ deleteAfter: later(30 * 24 * 60) })
    const { text, expiresAt } = compose({ kind: 'deletion_scheduled', to })
    expect(text).toContain('You have 30 days to change your mind')
    expect(expiresAt).toEqual(to.deleteAfter)
  })

  it('goes to the local part as its owner wrote it, and to the domain that mail servers take', () => {
    const to = user({ email: 'ada@xn--bcher-kva.example', emailAsTyped: 'Ada@BÜCHER.example' })
    expect(compose({ to })).toMatchObject({ to: 'Ada@xn--bcher-kva.example', channel: 'email' })
  })

  it('goes to another address where the flow names one', () => {
    const address = { channel: 'email', canonical: 'new@example.org', asTyped: 'New@example.org' }
    expect(compose({ kind: 'change_email', address } as Partial<MessageDraft>)).toMatchObject({
      to: 'New@example.org',
      user: { id: ada.id, email: 'Ada@example.com' },
    })
  })

  it('goes to the phone of who has no e-mail address, and nowhere without either', () => {
    expect(compose({ to: onlyByPhone })).toMatchObject({ channel: 'sms', to: '+12025550100' })
    const to = { ...onlyByPhone, phone: null }
    expect(() => compose({ to })).toThrow('there is no message')
  })

  it('tells templates what the reader may know of themselves, and nothing of the inside', () => {
    const to = { ...ada, profile: { nickname: 'countess', rating: 2 } }
    const { user: reader, ...message } = compose({ to, ...full })
    expect(reader).toEqual({
      id: ada.id,
      email: 'Ada@example.com',
      emailVerified: true,
      username: 'Ada',
      phone: null,
      phoneVerified: true,
      roles: ['user'],
      profile: { nickname: 'countess' },
      createdAt: now.toISOString(),
    })
    expect(Object.keys(message).toSorted()).toEqual(
      ['channel', 'code', 'codeExpiresAt', 'expiresAt', 'html', 'kind', 'link', 'locale']
        .concat('subject', 'text', 'to')
        .toSorted(),
    )
  })
})

describe.each(everything)('in the language "$locale", "$kind"', ({ language, kind }) => {
  const languages = [language] as const
  const drafts = [ada, onlyByPhone].map((to) => ({ kind, to: { ...to, deleteAfter: later(2880) } }))
  const secrets = kind === 'invitation' ? { token: 'TOKEN', expiresAt: later(2880) } : full

  it('has words for an e-mail and for a text message, with nothing left to fill in', () => {
    for (const draft of drafts) {
      const { subject, text, html, locale } = compose({ ...draft, ...secrets }, { languages })
      for (const words of [subject, text, html]) {
        expect(words.length).toBeGreaterThan(20)
        expect(words).not.toMatch(/[{}]|undefined|null|NaN/)
      }
      expect(locale).toBe(language.locale)
      expect(html).toContain(`lang="${language.locale}"`)
    }
  })

  it('S085 lets no name of the application or path break out of subject or HTML', () => {
    const appName = `<img src=x onerror=alert(1)>"'&`
    for (const draft of drafts) {
      const { subject, html } = compose(
        { ...draft, ...secrets, token: `"><b>` },
        { appName, languages },
      )
      expect(subject).toContain(appName)
      expect(
        html.replaceAll(/<\/?(?:p|div|strong)>|<div lang="\w+">|<a href="[^"<>]*">|<\/a>/g, ''),
      ).not.toMatch(/[<>"']/)
    }
  })

  it('S085 holds no word of its reader, whatever they call themselves', () => {
    const named = {
      usernameAsTyped: '<a href=//evil>',
      profile: { name: '\r\nBcc: evil' },
    }
    for (const draft of drafts) {
      const to = { ...draft.to, ...named }
      const { subject, text, html } = compose({ ...draft, to, ...secrets }, { languages })
      expect(subject + text + html).not.toMatch(/evil|Bcc|\bada\b|countess|2025550100/i)
    }
  })

  it('S036 shows a link or a code only if it was given one', () => {
    for (const draft of drafts) {
      const message = compose(draft, { languages })
      expect([message.link, message.code]).toEqual([undefined, undefined])
      expect(message.text + message.html).not.toMatch(/https?:|href|token|\d{4}/)
    }
  })
})

/** The basic characters of GSM 03.38, of which 160 fit into one text message. */
const GSM = /^[\w @£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n\r]*$/

describe('a text message', () => {
  const codes = ['activate', 'reset_password', 'change_phone'] as const

  it.each(codes)('of the kind "%s" is the code in one short line, without a link', (kind) => {
    const draft = { kind, to: onlyByPhone, ...full, code: '01234567' }
    const { text, link } = compose(draft, { appName: 'x'.repeat(100) })
    expect(text).toMatch(/^x{100}: 01234567 .*10 minutes/)
    expect(text.length).toBeLessThanOrEqual(160)
    expect(link).toBeUndefined()
  })

  it.each(kinds)('of the kind "%s" is written in the characters of GSM, in one line', (kind) => {
    const to = { ...onlyByPhone, deleteAfter: later(2880) }
    const { text } = compose({ kind, to, ...full }, { appName: 'Example' })
    expect(text).toMatch(GSM)
    expect(text).not.toMatch(/\n/)
    expect(text.length).toBeLessThanOrEqual(160)
  })

  it.each(['invitation', 'activate_again'] as const)('of the kind "%s" has its link', (kind) => {
    const { text, link } = compose({ kind, to: onlyByPhone, token: 'TOKEN', expiresAt: later(30) })
    expect(text).toMatch(/^Example & Sons: .* https:\/\/app\.example\/\S*TOKEN$/)
    expect(link).toBeDefined()
  })

  it('has the link in place of a code that no longer works', () => {
    const { text } = compose({ to: onlyByPhone, token: 'TOKEN', expiresAt: later(30) })
    expect(text).toBe(
      'Example & Sons: Activate the account: https://app.example/hello?a=1&token=TOKEN',
    )
  })
})

describe('the language of a message', () => {
  const both = [english, german] as const

  it.each([
    ['de', 'de'],
    ['DE-at-1996', 'de'],
    ['en', 'en'],
    ['fr', 'en'],
    ['deutsch', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [['de'], 'en'],
  ])('is, for whom the application says %j, %s', (wanted, locale) => {
    expect(compose({}, { languages: both, languageOf: () => wanted }).locale).toBe(locale)
  })

  it('is the first one where nothing is said', () => {
    expect(compose({}, { languages: [german, english] }).subject).toContain('Aktivieren')
  })

  it.each([
    ['en', 30, '30 minutes'],
    ['de', 24 * 60, '24 Stunden'],
    ['de', 7 * 24 * 60, '7 Tage'],
    ['en', 90, '90 minutes'],
    ['en', 30 - 0.001, '30 minutes'],
    ['de', 7 * 24 * 60 - 0.05, '7 Tage'],
    ['en', 30 - 0.1, '29 minutes'],
    ['en', 0.5, '1 minute'],
    ['en', 49 * 60, '2 days'],
  ])('has words in "%s" for %d minutes: %s', (locale, minutes, words) => {
    expect(durationInWords(locale, now, later(minutes))).toBe(words)
  })
})

describe('a language of the application', () => {
  const errorOf = (changes: object) =>
    messagesSchema().safeParse({ languages: [{ ...english, ...changes }] }).error?.issues[0]
  const withText = (kind: MessageKind, text: object | undefined) => ({
    messages: { ...english.messages, [kind]: text },
  })

  it('is taken when it is whole', () => {
    expect(messagesSchema().safeParse({ languages: [german, english] }).success).toBe(true)
    expect(errorOf({ locale: 'en-GB' })).toBeUndefined()
  })

  it.each([
    ['a kind is missing', withText('email_changed', undefined), ['messages', 'email_changed']],
    ['a kind is unknown', withText('welcome' as MessageKind, {}), ['messages']],
    [
      'a text message has no room for its code',
      withText('activate', { ...english.messages.activate, sms: 'Activate your account' }),
      ['messages', 'activate', 'sms'],
    ],
    [
      'a link has no text',
      withText('invitation', { ...english.messages.invitation, action: undefined }),
      ['messages', 'invitation', 'action'],
    ],
    [
      'a subject has two lines',
      withText('activate', { ...english.messages.activate, subject: 'Hello\r\nBcc: x' }),
      ['messages', 'activate', 'subject'],
    ],
    ['a locale is none', { locale: 'english language' }, ['locale']],
    ['it never says how long a link works', { linkExpiry: 'Hurry up.' }, ['linkExpiry']],
  ])('is refused when %s', (_, changes, path) => {
    expect(errorOf(changes)?.path.slice(2)).toEqual(path)
    expect(errorOf(changes)?.message).toMatch(/./)
  })

  it('is refused beside another of the same locale', () => {
    const { error } = messagesSchema().safeParse({ languages: [english, english] })
    expect(error?.issues[0]?.message).toMatch(/one locale/)
  })
})
