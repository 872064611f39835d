import type { Auth, Requirement } from '@latchkey/core'
import { authRouter, optionalAuthOf, requireAuth } from '@latchkey/express-adapter'
import express5 from 'express'
import express4 from 'express4'
import { onTestFinished } from 'vitest'
import { serve } from './express-host.ts'
import { type HttpClient, httpClient } from './http-client.ts'

/** One way to serve an auth. */
export interface Host {
  readonly name: string
  /** What stands before our paths: nothing, or `/api/auth`. */
  readonly base: string
  /** Whether `express.json()` has read JSON bodies before we see them: then what is no JSON is its affair. */
  readonly parsesJson: boolean
  /**
   * Serves the auth, closed when the test ends, with guarded routes of the application beside it: `/protected`, `/staff`
   * (role `staff`), `/open` (optional), `/fresh` (a login at most 60 s old). Everything else is 404 `not here`.
   */
  serve(auth: Auth): Promise<HttpClient>
}

const versions = { 'Express 5': express5, 'Express 4': express4 }

/** Every version of Express, at every mount point, before and after its body parser. */
export const hosts: readonly Host[] = Object.entries(versions).flatMap(([version, express]) =>
  ['/', '/api/auth'].flatMap((mount) =>
    [false, true].map((parsesJson) => ({
      name: `${version} at ${mount} ${parsesJson ? 'after' : 'before'} express.json()`,
      base: mount === '/' ? '' : mount,
      parsesJson,
      serve: (auth) => serveExpress(express, auth, mount, parsesJson),
    })),
  ),
)

const guarded: Readonly<Record<string, Requirement>> = {
  '/protected': {},
  '/staff': { role: 'staff' },
  '/open': { optional: true },
  '/fresh': { maxAge: 60 },
}

async function serveExpress(
  express: typeof express5,
  auth: Auth,
  mount: string,
  parsesJson: boolean,
): Promise<HttpClient> {
  const app = express()
  // Keeps the traces of Express's own error pages off the terminal.
  app.set('env', 'test')
  if (parsesJson) app.use(express.json())
  app.use(mount, authRouter(auth))
  if (!parsesJson) app.use(express.json())
  for (const [path, requirement] of Object.entries(guarded)) {
    app.get(path, requireAuth(auth, requirement), (request, response) => {
      response.json(optionalAuthOf(request))
    })
  }
  app.use((_request, response) => {
    response.status(404).type('text').send('not here')
  })
  const running = await serve(app)
  onTestFinished(running.close)
  return httpClient(running.url)
}
