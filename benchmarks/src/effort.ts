/** How long to measure. Durations are in seconds. */
export interface Effort {
  /** How often the things that are compared take turns. */
  readonly rounds: number
  readonly loadSeconds: number
  readonly loopSeconds: number
  readonly imports: number
}

const full: Effort = { rounds: 5, loadSeconds: 4, loopSeconds: 1, imports: 15 }
const quick: Effort = { rounds: 2, loadSeconds: 0.5, loopSeconds: 0.1, imports: 3 }

export function readEffort(args: readonly string[]): Effort {
  const unknown = args.find((arg) => arg !== '--quick')
  if (unknown !== undefined) throw new Error(`There is no option "${unknown}", only "--quick".`)
  return args.includes('--quick') ? quick : full
}
