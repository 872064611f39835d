import { escapeHtml, type Message, type MessageOptions, type MessageWords } from '@latchkey/core'
import { english, german } from '@latchkey/core/languages'

/** English and German, as users choose, and one message of our own. */
export const messages: MessageOptions = {
  languages: [english, german],
  languageOf: (user) => user.profile.language,
  compose: { password_changed: greeted },
}

const greetings: Readonly<Record<string, string>> = { en: 'Hello', de: 'Guten Tag' }

/**
 * The ready words below a greeting. A name is whatever somebody wrote: it is escaped, never stands in the subject, and
 * is sent to nobody who has not proved that the account is theirs.
 */
function greeted({ subject, text, html, locale, user }: Message): MessageWords {
  if (!user.emailVerified) return { subject, text, html }
  const greeting = `${greetings[locale]} ${user.profile.name},`
  return {
    subject,
    text: `${greeting}\n\n${text}`,
    html: `<p>${escapeHtml(greeting)}</p>\n${html}`,
  }
}
