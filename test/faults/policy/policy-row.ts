import type { HttpFlow } from './http-flows.ts'

/** What fails, and what becomes of it: a row of the table in SECURITY.md, word for word, and how it is shown. */
export interface PolicyRow {
  readonly id: string
  /** The requirements that it meets. */
  readonly meets: string
  readonly fails: string
  readonly policy: string
  readonly answer: string
  readonly cases: Readonly<Record<string, () => Promise<void>>>
}

/** A case for each of the flows. */
export function eachOf(
  flows: readonly HttpFlow[],
  run: (flow: HttpFlow) => Promise<void>,
): PolicyRow['cases'] {
  return Object.fromEntries(flows.map((flow) => [flow.name, () => run(flow)]))
}
