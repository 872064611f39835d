import { execFileSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  aRotation,
  aSession,
  aToken,
  at,
  aUser,
} from '../../../packages/core/src/testing/store/records.ts'
import { EACH, playRounds, type SidedAnswer, tally } from '../../../test/processes/two-nodes.ts'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'
import { startPair } from './support/store-processes.ts'

describe('two processes on one file', { timeout: 60_000 }, () => {
  it('give one address to one user', async () => {
    const { race, processes } = await startPair(newFile())
    await playRounds(async (round) => {
      const email = `ada-${round}@example.com`
      const users = Array.from({ length: 2 * EACH }, () => aUser({ email }))
      const userOf = (index: number, side: number) => users[index + side * EACH]
      const answers = await race((index, side) => ({
        verb: 'users.insert',
        input: [userOf(index, side)],
      }))
      expect(tally(answers)).toEqual({ ok: 1, email_taken: 2 * EACH - 1 })
      const winner = answers.findIndex(({ code }) => code === 'ok')
      const { side = 0 } = answers[winner] ?? {}
      const holder = userOf(winner % EACH, side)
      for (const { call } of processes) {
        const { value } = await call('users.findByIdentifier', { kind: 'email', value: email })
        expect(value).toEqual(holder)
      }
      return { answers, winner: side }
    })
  })

  it('let one link be taken once', async () => {
    const { race, processes } = await startPair(newFile())
    await playRounds(async () => {
      const token = aToken(aUser().id)
      await processes[0].call('oneTimeTokens.put', token)
      const answers = await race(() => ({
        verb: 'oneTimeTokens.take',
        input: [token.linkHash, token.purpose, at(0)],
      }))
      const { side, value } = onlyOne(answers, ({ value }) => value !== null)
      expect(value).toEqual(token)
      return { answers, winner: side }
    })
  })

  it('let a code be tried as often as it has attempts', async () => {
    const { race, processes } = await startPair(newFile())
    await playRounds(async () => {
      const token = aToken(aUser().id, { attemptsLeft: 5 })
      await processes[0].call('oneTimeTokens.put', token)
      const answers = await race(() => ({
        verb: 'oneTimeTokens.tryCode',
        input: [token.userId, token.purpose, at(0)],
      }))
      const left = answers.flatMap(({ value }) => value?.attemptsLeft ?? [])
      expect(left.sort()).toEqual([0, 1, 2, 3, 4])
      return { answers, winner: onlyOne(answers, ({ value }) => value?.attemptsLeft === 4).side }
    })
  })

  it('rotate one generation once', async () => {
    const { race, processes } = await startPair(newFile())
    const user = aUser()
    await processes[0].call('users.insert', user)
    await playRounds(async () => {
      const session = aSession(user.id)
      await processes[0].call('sessions.insert', session)
      const burntBelow = (index: number, side: number) => 1 + index + side * EACH
      const answers = await race((index, side) => ({
        verb: 'sessions.rotate',
        input: [
          session.id,
          { generation: 1, unconfirmed: true },
          aRotation({ burntBelow: burntBelow(index, side) }),
        ],
      }))
      const winner = onlyOne(answers, ({ value }) => value)
      const index = answers.indexOf(winner) % EACH
      for (const { call } of processes) {
        const { value } = await call('sessions.find', session.id)
        expect(value.session).toMatchObject({ burntBelow: burntBelow(index, winner.side) })
      }
      return { answers, winner: winner.side }
    })
  })

  it('tell each other every session that ended, whatever was polled meanwhile', async () => {
    const { race, processes } = await startPair(newFile())
    await playRounds(async () => {
      const sessions = Array.from({ length: 2 * EACH }, () => aSession(aUser().id))
      const inserts = sessions.map((session) => ({ verb: 'sessions.insert', input: [session] }))
      await processes[0].callAll(inserts)
      const { cursor } = (await processes[0].call('revokedSince', null)).value
      const answers = await race((index, side) =>
        index % 2 === 0
          ? { verb: 'sessions.revoke', input: [sessions[index + side * EACH]?.id, 'logout', at(0)] }
          : { verb: 'revokedSince', input: [cursor] },
      )
      const all = await processes[1].call('revokedSince', cursor)
      const revoked = sessions.filter((_, index) => (index % EACH) % 2 === 0).map(({ id }) => id)
      expect(all.value.sessions.toSorted()).toEqual(revoked.toSorted())
      for (const { value } of answers.filter(({ value }) => value !== true)) {
        const later = await processes[0].call('revokedSince', value.cursor)
        expect([...value.sessions, ...later.value.sessions]).toEqual(all.value.sessions)
      }
      const first = sessions.findIndex(({ id }) => id === all.value.sessions[0])
      return { answers, winner: first < EACH ? 0 : 1 }
    })
  })
})

it('what another process has ended is refused at once, even in the turn that has seen it alive', async () => {
  const path = newFile()
  const store = lmdbStore({ path })
  onTestFinished(store.close)
  const user = aUser()
  const session = aSession(user.id)
  await store.users.insert(user)
  await store.sessions.insert(session)
  const seen = { now: at(1), idleExpiresAt: at(2), touchBefore: at(0) }
  const confirm = () => store.sessions.confirm(session.id, 0, seen)

  const before = confirm()
  revokeElsewhere(path, session.id)
  const after = confirm()
  expect([(await before)?.session, await after]).toEqual([session, null])
})

/** Blocks this process until the other is done. */
function revokeElsewhere(path: string, id: string): void {
  const code = `
    import { lmdbStore } from '${import.meta.resolve('../src/lmdb-store.ts')}'
    const store = lmdbStore({ path: process.argv[1] })
    await store.sessions.revoke(process.argv[2], 'logout', new Date())`
  const options = ['--conditions=@latchkey/source', '--input-type=module', '-e', code]
  execFileSync(process.execPath, [...options, path, id])
}

function onlyOne(
  answers: readonly SidedAnswer[],
  matches: (answer: SidedAnswer) => boolean,
): SidedAnswer {
  const [one, ...others] = answers.filter(matches)
  expect(others).toEqual([])
  return one ?? expect.unreachable('none has won')
}
