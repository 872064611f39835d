import * as z from 'zod'
import type { PublicJwk } from '../context.ts'
import { once } from '../once.ts'
import { type Answer, ok, render } from './answer.ts'
import type { Route } from './route.ts'

const keySchema = once(
  () =>
    z.object({
      kty: z.enum(['OKP', 'EC']),
      crv: z.enum(['Ed25519', 'P-256']),
      x: z.string(),
      y: z.string().exactOptional(),
      alg: z.enum(['EdDSA', 'ES256']),
      use: z.literal('sig'),
      kid: z.string().meta({ description: 'The thumbprint of the key (RFC 7638).' }),
    }) satisfies z.ZodType<PublicJwk>,
)

const jwksAnswer: Answer<{ readonly keys: readonly PublicJwk[] }> = {
  ...ok(
    once(() => z.object({ keys: z.array(keySchema()).readonly() })),
    'The public keys (RFC 7517), the one that signs first.',
  ),
  // Nothing here is anybody's own: any cache and any page may have it. A new key is known everywhere after this time.
  headers: {
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  },
}

/** What other services need to verify access tokens (S052). */
export const keyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/.well-known/jwks.json',
    // A secret has no public part; an empty set would say that nothing is to be verified.
    when: ({ publishesKeys }) => publishesKeys,
    operation: 'readJwks',
    summary: 'Read the public keys that verify access tokens',
    access: 'anyone',
    isStatic: true,
    takes: null,
    answers: jwksAnswer,
    respond: async (ctx, _request, { transport }) =>
      render(jwksAnswer, { keys: ctx.keys.access().published }, ctx, transport),
  },
]
