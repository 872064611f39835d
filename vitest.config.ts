import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Resolve workspace packages to their TypeScript source: tests need no build. The other three stand
// for Vite's defaults; 'import' among them would give CommonJS dependencies the wrong files.
const conditions = ['@latchkey/source', 'module', 'node', 'development|production']

const packages = ['packages', 'examples', 'examples/ports'].flatMap((dir) =>
  readdirSync(new URL(dir, import.meta.url))
    .map((name) => ({ name, root: `./${dir}/${name}` }))
    .filter(({ root }) => existsSync(new URL(`${root}/package.json`, import.meta.url))),
)

// The projects whose tests use database servers.
const withServers = [
  'sql-store',
  'express-demo',
  'repository',
  'session-api',
  'user-api',
  'roles-api',
  'cookie-api',
]
const setupOf = (name: string) =>
  withServers.includes(name)
    ? [fileURLToPath(new URL('test/servers/global-setup.ts', import.meta.url))]
    : []

// These take minutes, and would otherwise come last, with nothing beside them.
const LONGEST = /sql-store\/test\/(?:conformance|existing-connections)\.test\.ts$/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

// Where to write the results as JSON, beside the report on the terminal.
const results = process.env.TEST_RESULTS

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    // Files that run one after another share what they import: loading it anew took a third of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Much of the time is spent waiting for databases and processes: as many workers as cores would leave them idle.
    maxWorkers: '150%',
    // For what hangs. How long a test takes says nothing on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      ...packages.map(({ name, root }) => ({
        extends: true as const,
        root,
        test: { name, include: ['test/**/*.test.ts'], globalSetup: setupOf(name) },
      })),
      {
        extends: true,
        test: {
          name: 'repository',
          include: ['test/**/*.test.ts'],
          globalSetup: setupOf('repository'),
        },
      },
    ],
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    coverage: {
      provider: 'istanbul',
      include: ['packages/core/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
})
