import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// tsup runs inside a package: its entries are the sources of its exports and of its commands.
const { exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8'))

export default defineConfig({
  entry: [
    ...Object.values(exports).flatMap((target) => target['@latchkey/source'] ?? []),
    ...Object.values(bin).map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts')),
  ],
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  tsconfig: 'tsconfig.build.json',
  splitting: true,
  sourcemap: true,
  // The sources come along in src/.
  esbuildOptions(options) {
    options.sourcesContent = false
  },
  clean: true,
})
