import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { rows } from './policy/rows.ts'

const SECURITY = new URL('../../SECURITY.md', import.meta.url)

/** The rows of the table, each as its cells. */
function documented(): readonly (readonly string[])[] {
  const [, rest = ''] = readFileSync(SECURITY, 'utf8').split('| | what fails |')
  const [body = ''] = rest.split('\n\n')
  return body
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1))
}

it('S103 is told in SECURITY.md row by row as it is shown here', () => {
  const shown = rows.map(({ id, fails, policy, answer }) => [id, fails, policy, answer])
  expect(shown.length).toBeGreaterThan(10)
  expect(documented()).toEqual(shown)
})

for (const { id, meets, fails, policy, cases } of rows) {
  describe(`${meets} ${id}, ${fails}: ${policy}`, () => {
    it.each(Object.entries(cases))('%s', async (_name, run) => {
      const unhandled: unknown[] = []
      const listen = (reason: unknown) => unhandled.push(reason)
      process.on('unhandledRejection', listen)
      onTestFinished(() => void process.off('unhandledRejection', listen))
      await run()
      // At the end of this turn Node tells of what nobody handled.
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).toEqual([])
    })
  })
}
