/** How long to measure. Durations are in seconds. */
export interface Effort {
  /** Whether it is rough, and nothing of it is kept. */
  readonly isQuick: boolean
  /** How often the things that are compared take turns. */
  readonly rounds: number
  readonly loadSeconds: number
  readonly loopSeconds: number
  readonly imports: number
  /** For what takes part of a millisecond, and hears all that the machine does besides. */
  readonly shortRounds: number
  readonly verbSeconds: number
  /** How often a flow is called in a round, each time for another user. */
  readonly calls: number
  /** How many users there are, the fewest first. */
  readonly sizes: readonly number[]
  /** How many accounts are imported. */
  readonly transferred: number
  /** How often each request is timed, about accounts of each kind. */
  readonly samples: number
  /** How long logins and registrations are counted in each round. */
  readonly loginSeconds: number
  /** How many logouts are timed. */
  readonly logouts: number
  /** How many tokens a node is to remember. */
  readonly cachedTokens: number
  /** How long the revocation feed is watched. */
  readonly feedSeconds: number
  /** How long one request is timed at most, on a busy machine. */
  readonly timingSeconds: number
}

const full: Effort = {
  isQuick: false,
  rounds: 5,
  loadSeconds: 2,
  loopSeconds: 1,
  imports: 15,
  shortRounds: 31,
  verbSeconds: 0.05,
  calls: 100,
  sizes: [1_000, 100_000, 1_000_000],
  transferred: 100_000,
  samples: 400,
  loginSeconds: 2,
  logouts: 100,
  cachedTokens: 100_000,
  feedSeconds: 20,
  timingSeconds: 60,
}
const quick: Effort = {
  isQuick: true,
  rounds: 2,
  loadSeconds: 0.5,
  loopSeconds: 0.1,
  imports: 3,
  shortRounds: 3,
  verbSeconds: 0.03,
  calls: 50,
  sizes: [1_000, 10_000],
  transferred: 5_000,
  samples: 50,
  loginSeconds: 0.5,
  logouts: 5,
  cachedTokens: 5_000,
  feedSeconds: 3,
  timingSeconds: 3,
}

/** What to measure, and how long. */
export interface Wanted<Section extends string> {
  readonly sections: readonly Section[]
  readonly effort: Effort
}

const QUICK = '--quick'

/** Reads the arguments: names of sections, all of them when there is none, and `--quick`. */
export function readArguments<Section extends string>(
  args: readonly string[],
  known: readonly Section[],
): Wanted<Section> {
  const unknown = args.find((arg) => arg !== QUICK && !known.some((section) => section === arg))
  if (unknown !== undefined) {
    throw new Error(
      `There is no section or option "${unknown}", only ${[...known, QUICK].join(', ')}.`,
    )
  }
  const named = known.filter((section) => args.includes(section))
  return {
    sections: named.length === 0 ? known : named,
    effort: args.includes(QUICK) ? quick : full,
  }
}
