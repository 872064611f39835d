import { AuthError, type AuthErrorCode } from '../errors.ts'
import { isEmpty, readJson, readJsonOrForm } from './body.ts'
import { basicOf, bearerOf } from './credential.ts'
import type { PlainRequest } from './request.ts'

/** How the input of a route gets in. */
export interface Door {
  read(request: PlainRequest): Promise<object>
  /** The media types of its body; none where it takes no body but a query. */
  readonly types: readonly string[]
  /** What may stand in the `Authorization` header in place of a body. */
  readonly credentials: readonly ('basic' | 'accessToken' | 'refreshToken')[]
  readonly refusals: readonly AuthErrorCode[]
  /** Whether a request may come without a body. */
  readonly isOptional?: true
}

/** By the query of the target. A name that stands there twice is refused (S099). */
export const queryString: Door = {
  types: [],
  credentials: [],
  refusals: [],
  async read({ query }) {
    const members = [...new URLSearchParams(query)]
    const input = Object.fromEntries(members)
    if (Object.keys(input).length !== members.length) throw new AuthError('invalid_request')
    return input
  },
}

const JSON_ONLY = ['application/json']

/** By a JSON body. */
export const jsonBody: Door = { read: readJson, types: JSON_ONLY, credentials: [], refusals: [] }

/** By a JSON body, or by none where nothing has to be said. */
export const jsonOrNothing: Door = {
  ...jsonBody,
  isOptional: true,
  read: async (request) => (request.body === null ? {} : readJson(request)),
}

/** By a JSON body or a form. */
export const jsonOrForm: Door = {
  read: readJsonOrForm,
  types: [...JSON_ONLY, 'application/x-www-form-urlencoded'],
  credentials: [],
  refusals: [],
}

/** Name and password in the header or in the body, not in both (S050). */
export const basicOrBody: Door = {
  types: JSON_ONLY,
  credentials: ['basic'],
  refusals: [],
  async read(request) {
    const basic = basicOf(request)
    if (basic === null) return readJson(request)
    if (!(await isEmpty(request))) throw new AuthError('invalid_request')
    return basic
  },
}

/** A token in the header or in the body, not in both (S050). */
export function bearerOrBody(...credentials: readonly ('accessToken' | 'refreshToken')[]): Door {
  return {
    types: JSON_ONLY,
    credentials,
    refusals: ['unauthenticated', 'invalid_token'],
    async read(request) {
      const token = bearerOf(request)
      const body = request.body === null ? {} : await readJson(request)
      if (token !== null && 'refreshToken' in body) throw new AuthError('invalid_request')
      if (token === null && Object.keys(body).length === 0) throw new AuthError('unauthenticated')
      return token === null ? body : { ...body, refreshToken: token }
    },
  }
}
