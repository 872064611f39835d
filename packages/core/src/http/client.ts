import { describeClient } from '../client.ts'
import type { Client } from '../events.ts'
import type { PlainRequest } from './request.ts'

/** What the request says of who makes it. */
export function clientOf(request: PlainRequest): Client {
  return describeClient({ ip: request.ip, userAgent: request.header('user-agent') })
}
