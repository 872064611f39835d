import { type Auth, createAuth } from '../../auth.ts'
import type { RecordedEvent } from '../../events.ts'
import type { AuthOptions } from '../../options.ts'
import type { Store } from '../../store.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { createOutbox, type Outbox } from '../outbox.ts'
import { weakPasswords } from '../weak-passwords.ts'

/** Who somebody is, where both kinds of identifier are configured. */
export interface Person {
  readonly email: string
  readonly username: string
}

/** An auth on the store of a case, and all around it that a case looks at. */
export interface Setup {
  readonly auth: Auth
  readonly store: Store
  readonly clock: FakeClock
  readonly outbox: Outbox
  readonly events: RecordedEvent[]
  readonly errors: unknown[]
  /** The user. No other setup of the case has the same. */
  readonly ada: Person
  /** Whoever would like to be Ada. */
  readonly mallory: Person
}

/** What a case works with. */
export interface Bench {
  /** Empty when the case begins. */
  readonly store: Store
  /** Makes an auth on the store, with a clock that stands still. */
  setUp(options?: Partial<AuthOptions>): Setup
}

const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'

// As many as wait at once in a race, twice over.
const passwords = { ...weakPasswords, maxQueue: 200 }

/** A bench, and how to close what was made on it. The store stays open. */
export function openBench(store: Store): { readonly bench: Bench; close(): Promise<void> } {
  const setups: Setup[] = []
  return {
    bench: {
      store,
      setUp(options) {
        const setup = buildSetup(store, options, setups.length)
        setups.push(setup)
        return setup
      },
    },
    close: () => settle(...setups),
  }
}

function buildSetup(store: Store, options: Partial<AuthOptions> = {}, number: number): Setup {
  const clock = fakeClock()
  const outbox = createOutbox()
  const events: RecordedEvent[] = []
  const errors: unknown[] = []
  const given: AuthOptions = {
    secret: SECRET,
    store,
    origin: 'https://app.example',
    mailer: outbox.send,
    sms: outbox.send,
    now: clock.now,
    passwords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    onError: (error) => errors.push(error),
    ...options,
  }
  const around = { store: given.store, clock, outbox, events, errors }
  const people = { ada: person('ada', number), mallory: person('mallory', number) }
  const auth = createAuth(given)
  auth.on('*', (event) => events.push(event))
  return { auth, ...around, ...people }
}

function person(name: string, number: number): Person {
  const username = number === 0 ? name : `${name}-${number}`
  return { email: `${username}@example.com`, username }
}

/** The person's phone number. No other setup of the case has the same. */
export function phoneOf({ username }: Person): string {
  const [name, number = '0'] = username.split('-')
  return `+1${name === 'ada' ? '202' : '212'}555${String(100 + Number(number)).padStart(4, '0')}`
}

/** Another node on the same store: it has the clock, the outbox and the people of the first. */
export function nodeBeside(
  { setUp }: Bench,
  first: Setup,
  options: Partial<AuthOptions> = {},
): Setup {
  const { clock, outbox, events, errors } = first
  const { auth } = setUp({
    store: first.store,
    now: clock.now,
    mailer: outbox.send,
    sms: outbox.send,
    onError: (error) => errors.push(error),
    ...options,
  })
  auth.on('*', (event) => events.push(event))
  return { ...first, auth }
}

/** Waits for everything that no answer waits for. */
export async function settle(...setups: readonly Setup[]): Promise<void> {
  await Promise.all(setups.map(({ auth }) => auth.close()))
}
