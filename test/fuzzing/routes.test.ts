import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { documentOf, operationsOf } from '../support/openapi-traffic.ts'
import { isReplay, patience } from './effort.ts'
import {
  administrator,
  fuzzRoutes,
  stranger,
  strangerWithCookies,
  strangerWithHeaders,
} from './fuzz-routes.ts'
import { type Framework, setStage } from './stage.ts'

const RUNS = 800

/** Says that requests came as far as to be answered in each of these ways. */
function expectEach(statuses: ReadonlyMap<number, number>, expected: readonly number[]): void {
  if (!isReplay) expect([...statuses.keys()]).toEqual(expect.arrayContaining([...expected]))
}

it('knows every route of the table', async () => {
  const stage = await setStage('Fetch')
  const served = operationsOf(documentOf(stage.setup.auth)).map(({ operationId }) => operationId)
  expect(served.sort()).toEqual(routes.map(({ operation }) => operation).sort())
})

for (const framework of ['Express 5', 'Fetch'] satisfies Framework[]) {
  describe(`served by ${framework}, any request to any route`, { timeout: patience }, () => {
    it('S097 S102 S103 S104 S116 of a stranger gets a sound answer, and touches nobody else', async () => {
      const stage = await setStage(framework)
      const before = await stage.guarded()
      const statuses = await fuzzRoutes(stage, stranger, {
        runs: RUNS,
        after: async () => expect(await stage.guarded()).toEqual(before),
      })
      expectEach(statuses, [200, 400, 401, 404, 405, 422])
    })

    it('S097 S102 S103 S104 S116 of an administrator gets a sound answer', async () => {
      const stage = await setStage(framework)
      const statuses = await fuzzRoutes(stage, administrator, { runs: RUNS })
      expectEach(statuses, [200, 204, 400, 401, 404, 422])
    })

    it('S068 S069 S071 S097 S103 of a stranger with cookies gets a sound answer, and touches nobody else', async () => {
      const stage = await setStage(framework, { transport: 'cookie' })
      const before = await stage.guarded()
      const statuses = await fuzzRoutes(stage, strangerWithCookies, {
        runs: RUNS,
        after: async () => expect(await stage.guarded()).toEqual(before),
      })
      expectEach(statuses, [200, 400, 403, 404, 405, 422])
    })

    it('S097 S103 of a stranger with tokens in other headers gets a sound answer, and touches nobody else', async () => {
      const stage = await setStage(framework, { transport: 'header' })
      const before = await stage.guarded()
      const statuses = await fuzzRoutes(stage, strangerWithHeaders, {
        runs: RUNS / 2,
        after: async () => expect(await stage.guarded()).toEqual(before),
      })
      expectEach(statuses, [200, 400, 401, 404, 405, 422])
    })
  })
}
