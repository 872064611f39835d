import type { Mailer, Message } from '@latchkey/core'
import { createTransport } from 'nodemailer'

/** Where mail goes out, and from whom. */
export interface MailOptions {
  /** Such as `smtps://user:password@mail.example.org`. */
  readonly url: string
  /** The sender that readers see, such as `Example <accounts@example.org>`. */
  readonly from: string
}

/** Sends messages by SMTP. */
export interface SmtpMailer {
  readonly send: Mailer
  close(): void
}

/** Opens no connection before there is something to send. */
export function smtpMailer({ url, from }: MailOptions): SmtpMailer {
  const transport = createTransport(url, {
    from,
    // Nothing in a message names a file or a page to be fetched and attached.
    disableFileAccess: true,
    disableUrlAccess: true,
    // RFC 3834: no "out of office" comes back.
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  return {
    send: (message) => transport.sendMail(mailOf(message)),
    close: () => transport.close(),
  }
}

function mailOf({ to, subject, text, html }: Message) {
  // As one address, and not as text in which there might be several.
  return { to: { name: '', address: to }, subject, text, html }
}
