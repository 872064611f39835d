import type { Mailer } from '@latchkey/core'
import { createTransport } from 'nodemailer'

/** Sends messages by SMTP. */
export interface SmtpMailer {
  readonly send: Mailer
  close(): void
}

/** @param url Such as `smtps://user:password@mail.example.org`. */
export function smtpMailer(url: string, from: string): SmtpMailer {
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true })
  return {
    // As one address, and not as text in which there might be several.
    send: ({ to, subject, text, html }) =>
      transport.sendMail({ to: { name: '', address: to }, subject, text, html }),
    close: () => transport.close(),
  }
}
