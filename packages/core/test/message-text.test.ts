import { describe, expect, it } from 'vitest'
import type { Settings } from '../src/context.ts'
import { composeMessage } from '../src/message-text.ts'
import type { MessageDraft, MessageKind } from '../src/messages.ts'
import { user } from './support/token-context.ts'

const settings: Settings = {
  appName: 'Example & Sons',
  origin: 'https://app.example',
  issuer: 'https://app.example',
  audience: 'https://app.example',
  identifiers: ['email'],
  activation: 'email',
  links: { activate: '/hello?a=1&token={token}', resetPassword: '/again#token={token}' },
  defaultRoles: ['user'],
  passwordMinLength: 8,
  blockedPasswords: new Set(),
  accessTokenLifetime: 600,
  idleLifetime: 604_800,
  absoluteLifetime: 2_592_000,
  maxSessionsPerUser: 25,
  pendingLifetime: 604_800,
  clockTolerance: 5,
}
const notices: readonly MessageKind[] = [
  'already_registered',
  'password_changed',
  'login_after_failures',
  'refresh_reuse',
]

function compose(draft: Partial<MessageDraft> = {}) {
  const message = composeMessage(settings, { kind: 'activate', to: user(), ...draft })
  if (message === null) throw new Error('there is no message')
  return message
}

describe('a message', () => {
  it('carries its link and its code in the data, the text and the HTML', () => {
    const { link, code, text, html } = compose({ token: 'TOKEN', code: '012345' })
    expect(link).toBe('https://app.example/hello?a=1&token=TOKEN')
    expect(code).toBe('012345')
    expect(text).toContain('https://app.example/hello?a=1&token=TOKEN')
    expect(text).toContain('012345')
    expect(html).toContain('href="https://app.example/hello?a=1&#38;token=TOKEN"')
    expect(html).toContain('<strong>012345</strong>')
  })

  it('leads to the page of its purpose', () => {
    const { link } = compose({ kind: 'reset_password', token: 'TOKEN' })
    expect(link).toBe('https://app.example/again#token=TOKEN')
  })

  it('speaks of no code where there is none', () => {
    const { code, text, html } = compose({ token: 'TOKEN' })
    expect(code).toBeUndefined()
    expect(text + html).not.toMatch(/code|undefined/)
  })

  it('goes to the local part as its owner wrote it, and to the domain that mail servers take', () => {
    const to = user({ email: 'ada@xn--bcher-kva.example', emailAsTyped: 'Ada@BÜCHER.example' })
    expect(compose({ to }).to).toBe('Ada@xn--bcher-kva.example')
  })

  it('goes nowhere without an address', () => {
    const to = user({ email: null, emailAsTyped: null })
    expect(composeMessage(settings, { kind: 'activate', to })).toBeNull()
  })

  it('S085 holds no word of the user, whatever they call themselves', () => {
    const to = user({ usernameAsTyped: '<a href=//evil>', profile: { name: '\r\nBcc: x' } })
    const { subject, text, html } = compose({ to, token: 'TOKEN' })
    expect(subject + text + html).not.toMatch(/evil|Bcc|ada/i)
    expect(subject).toBe('Example & Sons: Activate your account')
  })

  it('never holds the record of its reader', () => {
    expect(Object.keys(compose()).toSorted()).toEqual(
      ['channel', 'html', 'kind', 'subject', 'text', 'to', 'userId'].toSorted(),
    )
  })

  it.each(notices)('S036 %s carries neither link nor code', (kind) => {
    const message = compose({ kind })
    expect(message.link).toBeUndefined()
    expect(message.code).toBeUndefined()
    expect(message.text + message.html).not.toMatch(/https?:|href|token|\d{4}/)
    expect(message.subject.startsWith('Example & Sons: ')).toBe(true)
  })
})
