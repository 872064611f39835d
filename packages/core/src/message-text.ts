import type { Settings } from './context.ts'
import type { Message, MessageDraft, MessageKind } from './messages.ts'
import type { User } from './records.ts'

interface Words {
  readonly subject: string
  readonly lines: readonly string[]
  /** The text of the link. */
  readonly action?: string
  /** What stands beneath a link or a code. */
  readonly footer?: string
}

const IGNORE = 'If this was not you, you can ignore this message.'
const ALARM = 'If this was not you, reset your password now.'

// No word here comes from a user: a name of somebody's choice has no place in a message that we vouch for (S085).
const words: Record<MessageKind, Words> = {
  activate: {
    subject: 'Activate your account',
    lines: ['Welcome. Please confirm that this address is yours.'],
    action: 'Activate the account',
    footer: IGNORE,
  },
  activate_again: {
    subject: 'This address was registered again',
    lines: [
      'Somebody registered this address once more, though it waits to be activated already.',
      'This link activates the account with the password of the latest registration. Use it only if that was you. If you are not sure, choose a password with "Forgot password" instead.',
    ],
    action: 'Activate the account',
    footer: IGNORE,
  },
  already_registered: {
    subject: 'You already have an account',
    lines: [
      'Somebody tried to register with this address, which has an account already.',
      'If this was you, log in as usual, or reset your password if you have forgotten it.',
    ],
    footer: IGNORE,
  },
  reset_password: {
    subject: 'Choose a new password',
    lines: ['Somebody asked for a new password for the account with this address.'],
    action: 'Choose a new password',
    footer: IGNORE,
  },
  password_changed: {
    subject: 'Your password was changed',
    lines: ['The password of your account was changed, and you were logged out everywhere.', ALARM],
  },
  login_after_failures: {
    subject: 'A login after several failed attempts',
    lines: ['Somebody logged in to your account after several wrong passwords.', ALARM],
  },
  refresh_reuse: {
    subject: 'We ended one of your sessions',
    lines: [
      'Two devices used the same session of your account, which may mean that it was copied. We ended it.',
      'Please log in again. If you did not expect this, also change your password.',
    ],
  },
}

/** Puts a draft into words; `null` when its reader has no address. */
export function composeMessage(settings: Settings, draft: MessageDraft): Message | null {
  const to = deliverableAddress(draft.to)
  if (to === null) return null
  const { kind, token, to: reader, ...secrets } = draft
  const link = token === undefined ? undefined : linkFor(settings, kind, token)
  return {
    ...secrets,
    kind,
    channel: 'email',
    to,
    userId: reader.id,
    ...(link !== undefined && { link }),
    subject: `${settings.appName}: ${words[kind].subject}`,
    text: asText(words[kind], link, draft.code),
    html: asHtml(words[kind], link, draft.code),
  }
}

/** The local part as its owner wrote it, the domain in the form that every mail server takes. */
function deliverableAddress({ email, emailAsTyped }: User): string | null {
  if (email === null || emailAsTyped === null) return null
  const local = emailAsTyped.slice(0, emailAsTyped.indexOf('@'))
  return `${local}${email.slice(email.indexOf('@'))}`
}

/** From the configured origin only, never from a request (S076). */
function linkFor(settings: Settings, kind: MessageKind, token: string): string {
  const { activate, resetPassword } = settings.links
  return (
    settings.origin +
    (kind === 'reset_password' ? resetPassword : activate).replace('{token}', token)
  )
}

function asText({ lines, footer }: Words, link?: string, code?: string): string {
  return [
    ...lines,
    ...(link === undefined ? [] : [link]),
    ...(code === undefined ? [] : [`Or enter this code: ${code}`]),
    ...(footer === undefined ? [] : [footer]),
  ].join('\n\n')
}

function asHtml({ lines, action, footer }: Words, link?: string, code?: string): string {
  const paragraphs = [
    ...lines.map(escapeHtml),
    ...(link === undefined ? [] : [`<a href="${escapeHtml(link)}">${action}</a>`]),
    ...(code === undefined ? [] : [`Or enter this code: <strong>${code}</strong>`]),
    ...(footer === undefined ? [] : [escapeHtml(footer)]),
  ]
  return paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
