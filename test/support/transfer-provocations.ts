import type { Provocations } from './provocation.ts'

const CSV = { type: 'text/csv', body: 'email\nnew@example.com\n' }

/** What `importUsers` refuses, whose input is in the query. */
export const importProvocations: Provocations = {
  invalid_input: { provoke: ({ send }) => send({ ...CSV, query: '?ifExists=replace' }) },
}
