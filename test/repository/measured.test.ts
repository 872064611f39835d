import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { chartOf, summaryOf } from '../../benchmarks/src/routes/summary.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const { figures } = JSON.parse(read('benchmarks/results/protected-route.json'))

it('shows in the README what the benchmark has kept', () => {
  const [, rest = ''] = read('README.md').split('<!-- measured by npm run bench: begin -->\n')
  const [shown] = rest.split('\n<!-- measured by npm run bench: end -->')
  expect(shown).toBe(summaryOf(figures))
})

it('draws what the benchmark has kept', () => {
  expect(read('benchmarks/results/protected-route.svg')).toBe(chartOf(figures))
})
