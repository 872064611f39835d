import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A mail as it arrived. */
export interface Arrival {
  /** To whom the server was told to deliver it, in the words of the protocol. */
  readonly recipients: readonly string[]
  readonly sender: string
  readonly raw: string
  readonly mail: Email
}

/** A mail server. */
export interface MailServer {
  readonly url: string
  readonly arrivals: readonly Arrival[]
  /** The next mails are refused with these codes. */
  refuse(...codes: readonly number[]): void
  stop(): Promise<void>
}

/** A real mail server on this machine, stopped when the test ends. */
export async function startMailServer(): Promise<MailServer> {
  const arrivals: Arrival[] = []
  const refusals: number[] = []
  let recipients: string[] = []
  // The server's own account of an address is not what was said, but what is shown to people.
  const listen = (_fields: unknown, _from: unknown, line?: unknown) => {
    const [, address] = /^RCPT TO:<(.*)>/.exec(String(line)) ?? []
    if (address !== undefined) recipients.push(address)
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: { debug: listen, info() {}, error() {} },
    async onData(stream, { envelope }, done) {
      const raw = await buffer(stream)
      const [told, code] = [recipients, refusals.shift()]
      recipients = []
      if (code !== undefined) {
        return done(Object.assign(new Error('not here, not now'), { responseCode: code }))
      }
      arrivals.push({
        recipients: told,
        sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
        raw: raw.toString(),
        mail: await PostalMime.parse(raw),
      })
      done()
    },
  })
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  onTestFinished(stop)
  return {
    url: `smtp://127.0.0.1:${Object(listener.address()).port}`,
    arrivals,
    refuse: (...codes) => void refusals.push(...codes),
    stop,
  }
}
