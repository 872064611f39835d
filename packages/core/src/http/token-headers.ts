import type { Settings } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { TokenHeaders } from '../transport.ts'
import type { RequestHead } from './request.ts'

/**
 * The headers of a request as if the token in one of ours had come in `Authorization`: the rest of the house knows one
 * way. Of several kinds the first one counts. With a credential in `Authorization` beside it, it is `invalid_request`
 * (S050).
 */
export function withHeaderAsBearer(
  { transport }: Settings,
  request: Pick<RequestHead, 'header'>,
  kinds: readonly (keyof TokenHeaders)[],
): Pick<RequestHead, 'header'> {
  const values = kinds.map((kind) => request.header(transport.headers[kind]))
  const token = values.find((value) => value !== null) ?? null
  if (token === null) return request
  if (request.header('authorization') !== null) throw new AuthError('invalid_request')
  return {
    header: (name) => (name === 'authorization' ? `Bearer ${token}` : request.header(name)),
  }
}
