import type { Auth, AuthOptions, Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { sqlStore } from '@latchkey/sql-store'
import { expect, onTestFinished } from 'vitest'
import { serveExpress4, serveExpress5 } from './express-hosts.ts'
import { serveFetch } from './fetch-host.ts'
import { type HttpClient, httpClient } from './http-client.ts'
import { serveKoa2, serveKoa3 } from './koa-hosts.ts'
import type { Mounting, Serve } from './mounting.ts'
import { watchTraffic } from './openapi-traffic.ts'
import { type Setup, setUp } from './setup.ts'

/** One way to serve an auth on a store. */
export interface Host {
  readonly name: string
  readonly framework: string
  readonly store: StoreName
  /** What stands before our paths: nothing, or `/api/auth`. */
  readonly base: string
  /** Whether a body parser of the host's reads bodies before we see them. */
  readonly parsesFirst: boolean
  /** Whether a path that is none of ours goes on to the application, which answers `not here`. Else it is `not_found`. */
  readonly passesOn: boolean
  /** Like `setUp`, on the store of this host. */
  setUp(options?: Partial<AuthOptions>): Promise<Setup>
  /**
   * Serves the auth, closed when the test ends, with guarded routes of the application beside it: `/protected`, `/staff`
   * (role `staff`), `/accounts` (permission `users:read`), `/open` (optional), `/fresh` (a login at most 60 s old). Everything else is 404 `not here`. What it
   * answers in contradiction to its OpenAPI document fails the test.
   */
  serve(auth: Auth): Promise<HttpClient>
}

const frameworks: Readonly<Record<string, Serve>> = {
  'Express 5': serveExpress5,
  'Express 4': serveExpress4,
  'Koa 3': serveKoa3,
  'Koa 2': serveKoa2,
  Fetch: serveFetch,
}

type StoreName = 'memory' | 'SQLite'

const stores: Readonly<Record<StoreName, () => Promise<Store>>> = {
  memory: async () => memoryStore(),
  async SQLite() {
    const store = sqlStore({ url: 'sqlite::memory:' })
    await store.migrate()
    return store
  },
}

const mountings: readonly Mounting[] = ['/', '/api/auth'].flatMap((mount) =>
  [false, true].map((parsesFirst) => ({ mount, parsesFirst })),
)

/** Every framework, at every mount point, before and after its body parser, on both stores. */
export const hosts: readonly Host[] = Object.keys(frameworks).flatMap((framework) =>
  mountings.flatMap((mounting) =>
    (['memory', 'SQLite'] as const).map((store) => hostOf(framework, mounting, store)),
  ),
)

/**
 * Every framework with each mount point, each place of the parser and each store, but not with each of their
 * combinations: for long walks, whose every request is the subject of a shorter test on all hosts.
 */
export const hostsInTurn: readonly Host[] = hosts.filter(
  ({ framework, base, parsesFirst, store }) => {
    const isEven = Object.keys(frameworks).indexOf(framework) % 2 === 0
    return parsesFirst === (store === 'SQLite') && (base === '') === (parsesFirst !== isEven)
  },
)

/** For what does not come as far as the store, or has a store of its own. */
export const hostsOnMemory = hosts.filter(({ store }) => store === 'memory')

/** For what neither a mount point nor a parser touches. */
export const plainHosts = hostsOnMemory.filter(
  ({ base, parsesFirst }) => base === '' && !parsesFirst,
)

function hostOf(framework: string, mounting: Mounting, storeName: StoreName): Host {
  const { mount, parsesFirst } = mounting
  const place = parsesFirst ? 'after' : 'before'
  return {
    name: `${framework} at ${mount} ${place} a body parser, on ${storeName}`,
    framework,
    store: storeName,
    base: mount === '/' ? '' : mount,
    parsesFirst,
    passesOn: framework !== 'Fetch',
    async setUp(options = {}) {
      const store = options.store ?? (await stores[storeName]())
      if (options.store === undefined) onTestFinished(() => store.close())
      return setUp({ ...options, store })
    },
    async serve(auth) {
      const watched = watchTraffic(auth)
      const running = await frameworks[framework]?.(watched.auth, mounting)
      if (running === undefined) throw new Error(`there is no framework ${framework}`)
      onTestFinished(async () => {
        await running.close()
        expect(watched.findings()).toEqual([])
      })
      return httpClient(running.url)
    },
  }
}
