import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// tsup runs inside a package: its entries are the sources that the package's exports name.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))

export default defineConfig({
  entry: Object.values(exports).flatMap((target) => target['@latchkey/source'] ?? []),
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  splitting: true,
  sourcemap: true,
  clean: true,
})
