import type { Effort } from './effort.ts'
import { count, percent, table } from './markdown.ts'
import { medians } from './rounds.ts'
import { type RouteProcess, startRoute } from './route-process.ts'

const HEAD = [
  'protected Express route',
  'bare, requests/s',
  'guarded, requests/s',
  'guarded : bare',
  'bare, CPU µs',
  'guarded, CPU µs',
]

/** A bare Express route against the same route behind `requireAuth`, over HTTP, under the same requests. */
export async function protectedRoute(effort: Effort): Promise<string> {
  const [bare, guarded] = [await startRoute('bare'), await startRoute('guarded')]
  try {
    const { tokens } = guarded
    return table(HEAD, [
      await compare('one hot token', bare, guarded, tokens.slice(0, 1), effort),
      await compare(`${count(tokens.length)} tokens in turn`, bare, guarded, tokens, effort),
    ])
  } finally {
    bare.stop()
    guarded.stop()
  }
}

async function compare(
  name: string,
  bare: RouteProcess,
  guarded: RouteProcess,
  tokens: readonly string[],
  { rounds, loadSeconds }: Effort,
): Promise<string[]> {
  const medianOf = await medians(rounds, {
    bare: () => bare.load(loadSeconds, tokens),
    guarded: () => guarded.load(loadSeconds, tokens),
  })
  return [
    name,
    count(medianOf.bare.requestsPerSecond),
    count(medianOf.guarded.requestsPerSecond),
    percent(medianOf.guarded.requestsPerSecond, medianOf.bare.requestsPerSecond),
    count(medianOf.bare.cpuMicroseconds),
    count(medianOf.guarded.cpuMicroseconds),
  ]
}
