import type { Context } from '../context.ts'
import type { Transport } from '../transport.ts'
import { checkOrigin, isUnsafe } from './csrf.ts'
import { admit, type Entry } from './guard.ts'
import type { Match } from './path.ts'
import type { PlainRequest } from './request.ts'
import type { Route } from './route.ts'
import { withHeaderAsBearer } from './token-headers.ts'

/** Who comes in to a route of ours, and the request as the route is to hear it. */
interface OwnEntry extends Entry {
  readonly heard: PlainRequest
}

/** Lets a request in to a route of ours, or throws. */
export async function enter(
  ctx: Context,
  request: PlainRequest,
  { route }: Match,
  transport: Transport,
): Promise<OwnEntry> {
  if (route.access !== 'anyone') {
    const requirement = { consistency: 'strict', ...route.access, transport } as const
    return { ...(await admit(ctx, request, requirement)), heard: request }
  }
  // Nobody has a session yet to which a token could be bound. A login must not come from elsewhere all the same (S072).
  if (transport === 'cookie' && isUnsafe(request)) checkOrigin(ctx.settings, request)
  const heard =
    transport === 'header'
      ? { ...request, ...withHeaderAsBearer(ctx.settings, request, tokensOf(route)) }
      : request
  return { heard, principal: null, setCookies: [], refusal: null }
}

/** The refresh token is the surer one to say which session is meant. */
function tokensOf({ takes }: Route) {
  const credentials = takes?.door.credentials ?? []
  return (['refreshToken', 'accessToken'] as const).filter((kind) => credentials.includes(kind))
}
