import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

/** A row of the table: a number, what is required, and where it is tested or why it does not apply. */
interface Row {
  readonly number: string
  readonly requirement: string
  readonly shownBy: string
}

const rows: readonly Row[] = read('docs/security-requirements.md')
  .split('\n')
  .filter((line) => /^\| S\d/.test(line))
  .map((line) => {
    const [, number = '', requirement = '', shownBy = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    return { number, requirement, shownBy }
  })

const sources = globSync(
  [
    'test/**/*.test.ts',
    '{packages,examples}/*/test/**/*.test.ts',
    'packages/core/src/testing/**/*.ts',
  ],
  { cwd: root },
)

/** The numbers that stand in titles, each with the files. */
const titled = Map.groupBy(
  sources.flatMap((path) => numbersIn(read(path)).map((number) => ({ number, path }))),
  ({ number }) => number,
)

/** Titles begin with their numbers: no other text does. */
function numbersIn(source: string): readonly string[] {
  const titles = [...source.matchAll(/['"`](S\d{3}\b[^'"`\n]*)/g)].map(([, title = '']) => title)
  return [...new Set(titles.flatMap((title) => title.match(/\bS\d{3}\b/g) ?? []))]
}

const filesIn = ({ shownBy }: Row) =>
  [...shownBy.matchAll(/\(\.\.\/([^)]+)\)/g)].map(([, path]) => path)

describe('the table of security requirements', () => {
  it('has one row for each number', () => {
    const numbers = Array.from({ length: 117 }, (_, index) => `S${`${index + 1}`.padStart(3, '0')}`)
    expect(rows.map(({ number }) => number)).toEqual(numbers)
    for (const { number, requirement } of rows) expect(requirement, number).toMatch(/\w{3}/)
  })

  it('names tests that have the number in a title', () => {
    const wrong = rows.flatMap((row) => {
      const files = titled.get(row.number)?.map(({ path }) => path) ?? []
      const missing = filesIn(row).filter((path) => path === undefined || !files.includes(path))
      return missing.map((path) => `${row.number}: ${path}`)
    })
    expect(wrong).toEqual([])
  })

  it('says why, where it names no test, and then there is none', () => {
    const untested = rows.filter((row) => filesIn(row).length === 0)
    for (const { number, shownBy } of untested) {
      expect(shownBy, number).toMatch(/^Does not apply\b.{20,}/)
      expect(shownBy, number).not.toMatch(/\bto ?do\b|\btbd\b/i)
      expect(titled.get(number) ?? [], number).toEqual([])
    }
  })

  it('has a row for every number that stands in a title', () => {
    const known = new Set(rows.map(({ number }) => number))
    expect([...titled.keys()].filter((number) => !known.has(number))).toEqual([])
    expect(titled.size).toBeGreaterThan(100)
  })
})
