import type { Store } from '../store.ts'
import { explained } from './assertions.ts'
import { accountOf } from './flows/account.ts'
import { openBench, settle } from './flows/set-up.ts'
import { accountLife } from './host/account-life.ts'
import { brokenClients } from './host/broken-clients.ts'
import { cookies } from './host/cookies.ts'
import { credentials } from './host/credentials.ts'
import { bodies, methodsAndPaths } from './host/requests.ts'
import type { HostCase, HostGroup, ServeHost } from './host/stage.ts'
import type { TestRunner } from './runner.ts'

const GROUPS: readonly HostGroup[] = [
  accountLife,
  credentials,
  cookies,
  methodsAndPaths,
  bodies,
  brokenClients,
]

/** What {@link testHost} is to try. */
export interface HostUnderTest {
  /** Gives an empty store, such as `memoryStore()`. Each case asks for one, and closes it at its end. */
  makeStore(): Store | Promise<Store>
  /** Serves the auth as an application would. Each case asks for that, and closes it at its end. */
  readonly serve: ServeHost
}

/**
 * Tries the whole HTTP surface on a host, over real sockets: for adapters of your own. No body parser of the host's may
 * stand before the router.
 *
 * @param name Names the host in the titles.
 * @param host The host, and a store for it.
 * @param runner `describe` and `it` of a test runner.
 */
export function testHost(name: string, host: HostUnderTest, { describe, it }: TestRunner): void {
  describe(`the HTTP surface of Latchkey on ${name}`, () => {
    for (const group of GROUPS) {
      describe(group.title, () => {
        for (const one of group.cases) it(one.title, () => runCase(one, host))
      })
    }
  })
}

async function runCase(
  { title, run, options }: HostCase,
  { makeStore, serve }: HostUnderTest,
): Promise<void> {
  const store = await makeStore()
  const { bench, close } = openBench(store)
  try {
    const setup = bench.setUp(options)
    await accountOf(setup)
    await settle(setup)
    setup.events.length = 0
    const host = await serve(setup.auth)
    await run({ setup, host }).finally(() => host.close())
  } catch (error) {
    throw explained(error, title)
  } finally {
    await close()
    await store.close()
  }
}
