import { inspect } from 'node:util'
import type { AuthOptions, Session, User } from '@latchkey/core'
import { onTestFinished } from 'vitest'
import * as z from 'zod'
import { serveExpress5 } from '../support/express-hosts.ts'
import { serveFetch } from '../support/fetch-host.ts'
import { documentOf, watchTraffic } from '../support/openapi-traffic.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { type Setup, setUp } from '../support/setup.ts'
import { asProfile } from '../support/transfer.ts'
import { administrators, type People, peopleOf } from './people.ts'
import { type WireClient, wireClient } from './wire-client.ts'

/** The two kinds of host: one of Node's, and the Fetch API. */
const frameworks = { 'Express 5': serveExpress5, Fetch: serveFetch } as const

/** The names of the hosts. */
export type Framework = keyof typeof frameworks

/** An auth with a victim, an administrator and a stranger, served over HTTP. */
export interface Stage extends People {
  readonly setup: Setup
  readonly url: string
  readonly client: WireClient
  /** Whether a path is one of ours. */
  isServed(path: string): boolean
  /** What the answers contradict in the OpenAPI document, since it was asked for the last time. */
  findings(): readonly string[]
  /** All that was told to whoever runs the application, since it was asked for the last time. */
  told(): string
  /** What no request of a stranger may change. */
  guarded(): Promise<unknown>
}

/** Sets the stage, on this store, served by that framework, until the test ends. */
export async function setStage(
  framework: Framework,
  options: Partial<AuthOptions> = {},
): Promise<Stage> {
  const lines: string[] = []
  const write = (...line: readonly unknown[]) => void lines.push(JSON.stringify(line))
  const setup = setUp({
    ...everyRoute,
    roles: ['user', 'staff', 'admin'],
    profile: asProfile(z.record(z.string(), z.unknown())),
    logger: { info: write, warn: write, error: write },
    ...options,
  })
  const watched = watchTraffic(setup.auth)
  const host = await frameworks[framework](watched.auth, { mount: '/', parsesFirst: false })
  onTestFinished(host.close)
  const client = wireClient(host.url)
  onTestFinished(client.close)
  const people = await peopleOf(setup)
  const paths = Object.keys(documentOf(setup.auth).paths).map(patternOf)
  return {
    ...people,
    setup,
    url: host.url,
    client,
    isServed: (path) => paths.some((pattern) => pattern.test(path)),
    findings: fresh(watched.findings),
    told: teller(setup, lines),
    guarded: () => guarded(setup, people),
  }
}

/** The names of our paths have letters and dots in them, and nothing else that a pattern would read. */
function patternOf(path: string): RegExp {
  const pattern = path.replaceAll('.', '\\.').replace('{id}', '[A-Za-z0-9-]{1,64}')
  return new RegExp(`^${pattern}$`)
}

/** Only what is new in a list that grows. */
function fresh<Item>(list: () => readonly Item[]): () => readonly Item[] {
  let known = 0
  return () => {
    const all = list()
    const items = all.slice(known)
    known = all.length
    return items
  }
}

/** Tells what is new in the log and in events. */
function teller({ events }: Setup, lines: readonly string[]): () => string {
  const all = [fresh<unknown>(() => lines), fresh<unknown>(() => events)]
  return () => all.map((some) => inspect(some(), { depth: null, maxStringLength: null })).join()
}

/** The accounts and sessions of all but the stranger, as far as no stranger may touch them. */
async function guarded(setup: Setup, { ids }: People): Promise<unknown> {
  const { users, sessions } = setup.store
  const found = await Promise.all(
    ['victim', 'administrator'].map(async (name) => ({
      user: lasting(await users.find(ids()[name] ?? '')),
      session: going((await sessions.find(ids()[`${name} session`] ?? ''))?.session),
    })),
  )
  return { found, administrators: await administrators(setup) }
}

/** Anybody may fail to log in to an account. */
function lasting(user: User | null): Partial<User> {
  const { failedLogins: _, version: __, updatedAt: ___, ...rest } = { ...user }
  return rest
}

/** Its owner may have been seen. */
function going(session: Session | undefined): Partial<Session> {
  const { lastSeenAt: _, ...rest } = { ...session }
  return rest
}
