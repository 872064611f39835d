import assert from 'node:assert/strict'
import type { Session, SessionRotation } from '@latchkey/core'
import type { SqlStore } from '@latchkey/sql-store'
import { newId } from '../../../packages/core/src/crypto/random.ts'
import { exampleSession, exampleUser } from '../records.ts'
import type { HotVerbs } from './verbs.ts'

const ACCOUNTS = 200
const DAYS = 7

/** Who does the same work on accounts of its own: the store, or the driver alone. */
export interface Contender {
  readonly verbs: HotVerbs
  readonly accounts: readonly Account[]
  /** How much work was begun. */
  calls: number
}

interface Account {
  readonly email: string
  readonly session: Session
  generation: number
}

/** Makes accounts for a contender. */
export async function contender(
  name: string,
  verbs: HotVerbs,
  { users, sessions }: SqlStore,
): Promise<Contender> {
  const accounts: Account[] = []
  for (let number = 0; number < ACCOUNTS; number += 1) {
    const now = new Date()
    const email = `${name}-${number}@example.com`
    const user = exampleUser(newId(now), email, now)
    const session = exampleSession(newId(now), user.id, now, DAYS)
    await users.insert(user)
    await sessions.insert(session)
    accounts.push({ email, session, generation: session.generation })
  }
  return { verbs, accounts, calls: 0 }
}

/** The work of each row of the table. Throws when a verb did not do what it should. */
export const works: Readonly<Record<string, (contender: Contender) => Promise<void>>> = {
  async 'sessions.find'(contender) {
    const { session } = next(contender)
    assert(await contender.verbs.find(session.id))
  },
  async 'sessions.confirm, nothing due'(contender) {
    const { session, generation } = next(contender)
    const seen = sighting(contender.calls, 0)
    assert(await contender.verbs.confirm(session.id, generation, seen))
  },
  async 'sessions.confirm, due'(contender) {
    const { session, generation } = next(contender)
    // Later at each call, so that whoever was seen before is to be written again.
    const seen = sighting(contender.calls, contender.calls)
    assert(await contender.verbs.confirm(session.id, generation, seen))
  },
  async 'sessions.rotate'(contender) {
    const account = next(contender)
    const { generation } = account
    account.generation += 1
    const { id } = account.session
    const expect = { generation, unconfirmed: false }
    assert(await contender.verbs.rotate(id, expect, rotation(generation)))
  },
  async 'users.countFailedLogin'(contender) {
    const { email } = next(contender)
    assert(await contender.verbs.countFailedLogin({ kind: 'email', value: email }))
  },
  async 'sessions.insert'(contender) {
    const { session } = next(contender)
    await contender.verbs.insert({ ...session, id: newId(new Date()) })
  },
}

/** Another account at each call: of a few calls at a time each has its own. */
function next(contender: Contender): Account {
  contender.calls += 1
  const account = contender.accounts[contender.calls % ACCOUNTS]
  assert(account)
  return account
}

/** So many milliseconds from now, of a session that is written again if it was seen before `touched`. */
function sighting(now: number, touched: number) {
  const at = Date.now()
  return {
    now: new Date(at + now),
    idleExpiresAt: new Date(at + DAYS * 86_400_000),
    touchBefore: touched === 0 ? new Date(0) : new Date(at + touched),
  }
}

function rotation(generation: number): SessionRotation {
  const now = Date.now()
  return {
    generation: generation + 1,
    parentGeneration: generation,
    recent: [{ generation, at: now }],
    confirmedGeneration: generation,
    burntBelow: 0,
    lastSeenAt: new Date(now),
    idleExpiresAt: new Date(now + DAYS * 86_400_000),
  }
}

/** Throws unless the contender's verbs answer and leave what the store has. */
export async function requireSameRecords(
  { verbs, accounts }: Contender,
  { users, sessions }: SqlStore,
): Promise<void> {
  const [account] = accounts
  assert(account)
  const { email, session } = account
  const found = await verbs.find(session.id)
  assert(found)
  assert.deepEqual(found, await sessions.find(session.id))
  assert.deepEqual(await verbs.confirm(session.id, account.generation, sighting(0, 0)), found)
  const written = await verbs.confirm(session.id, account.generation, sighting(5, 5))
  assert.deepEqual(written, await sessions.find(session.id))
  assert.notDeepEqual(written, found)
  const counted = await verbs.countFailedLogin({ kind: 'email', value: email })
  assert.deepEqual(counted, await users.find(found.user.id))
  assert.equal(counted?.failedLogins, found.user.failedLogins + 1)
  const patch = rotation(account.generation)
  assert(
    await verbs.rotate(session.id, { generation: account.generation, unconfirmed: false }, patch),
  )
  account.generation += 1
  assert.deepEqual((await sessions.find(session.id))?.session, { ...written?.session, ...patch })
  const copy = { ...session, id: newId(new Date()) }
  await verbs.insert(copy)
  assert.deepEqual((await sessions.find(copy.id))?.session, copy)
}
