import type { Settings } from '../context.ts'
import type { Transport } from '../transport.ts'
import { isUnsafe } from './csrf.ts'
import type { Json } from './openapi-refusals.ts'
import type { Route } from './route.ts'

const bearer = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const
const basic = {
  type: 'http',
  scheme: 'basic',
  description: 'Identifier and password (RFC 7617).',
} as const

/** What a client may show, by the names that {@link securityOf} uses. */
export function securitySchemes({ transport }: Settings, mounted: Transport): Json {
  const { headers, cookies } = transport
  const { names } = cookies
  const named = (place: 'header' | 'cookie', name: string) => ({ type: 'apiKey', in: place, name })
  const refreshToken = { type: 'http', scheme: 'bearer', description: 'The refresh token.' }
  const byTransport: Readonly<Record<Transport, Json>> = {
    bearer: { accessToken: bearer, refreshToken },
    header: {
      accessToken: named('header', headers.accessToken),
      refreshToken: named('header', headers.refreshToken),
      bearer,
    },
    cookie: {
      accessToken: named('cookie', names.accessToken),
      refreshToken: named('cookie', names.refreshToken),
      csrfToken: named('header', 'x-csrf-token'),
      bearer,
    },
  }
  return { ...byTransport[mounted], basic }
}

/** An empty requirement is none: what stands in the header is one way, the body another. */
export function securityOf(route: Route, mounted: Transport): readonly Json[] {
  const { access, takes } = route
  const csrf = mounted === 'cookie' && isUnsafe(route) ? { csrfToken: [] } : {}
  const others = mounted === 'bearer' ? [] : [{ bearer: [] }]
  if (access !== 'anyone') return [{ accessToken: [], ...csrf }, ...others]
  const credentials = [...(takes?.door.credentials ?? []), ...(route.cookies ?? [])]
  if (credentials.length === 0) return []
  const each = credentials.map((name) => ({ [name]: [], ...(name !== 'basic' && csrf) }))
  return route.cookies === undefined ? [{}, ...each] : each
}
