import type { Settings } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { TokenHeaders } from '../transport.ts'
import type { PlainRequest } from './request.ts'

/**
 * The request as if the token in a header of ours had come in `Authorization`: the rest of the house knows one way. Of
 * several kinds the first one counts. With a credential in `Authorization` beside it, it is `invalid_request` (S050).
 */
export function withHeaderAsBearer(
  { transport }: Settings,
  request: PlainRequest,
  kinds: readonly (keyof TokenHeaders)[],
): PlainRequest {
  const values = kinds.map((kind) => request.header(transport.headers[kind]))
  const token = values.find((value) => value !== null) ?? null
  if (token === null) return request
  if (request.header('authorization') !== null) throw new AuthError('invalid_request')
  const header = (name: string) =>
    name === 'authorization' ? `Bearer ${token}` : request.header(name)
  return { ...request, header }
}
