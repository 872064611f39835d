import { setTimeout } from 'node:timers/promises'
import type { Mailer } from '@latchkey/core'

/**
 * Tries again after so many milliseconds each, as long as the mail server only says "not now". What waits is lost when
 * the process ends: where that matters, hand messages to a mail server on the same machine, or to a queue.
 */
export function patientMailer(send: Mailer, delays: readonly number[]): Mailer {
  return async (message) => {
    for (const delay of delays) {
      try {
        return await send(message)
      } catch (error) {
        if (!isTemporary(error)) throw error
        await setTimeout(delay)
      }
    }
    return send(message)
  }
}

const NETWORK = ['ECONNECTION', 'ECONNREFUSED', 'ECONNRESET', 'ESOCKET', 'ETIMEDOUT', 'EDNS']

/** RFC 5321, section 4.2.1: replies 4yz are temporary. So is a server that cannot be reached. */
function isTemporary(error: unknown): boolean {
  const { responseCode, code }: Partial<Record<string, unknown>> = Object(error)
  if (typeof responseCode === 'number') return responseCode >= 400 && responseCode < 500
  return NETWORK.includes(String(code))
}
