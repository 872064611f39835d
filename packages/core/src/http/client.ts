import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { RequestHead } from './request.ts'

/** What the request says of who makes it. */
export function clientOf(
  { settings }: Pick<Context, 'settings'>,
  request: Pick<RequestHead, 'ip' | 'header'>,
): Client {
  const ip = settings.clientAddress(request.ip, request.header('x-forwarded-for'))
  return describeClient({ ip, userAgent: request.header('user-agent') })
}
