import type { Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const BACK = 'records that come back'
const IN = 'records that go in are copied: changing one later changes nothing'

const READS = [
  ['users', 'find'],
  ['users', 'findByIdentifier'],
  ['users', 'list'],
  ['users', 'listDueForDeletion'],
  ['sessions', 'find'],
  ['sessions', 'listByUser'],
  ['sessions', 'confirm'],
  ['oneTimeTokens', 'find'],
  ['oneTimeTokens', 'list'],
  ['events', 'list'],
] as const

const WRITES: Readonly<Record<string, (store: Store) => Faults>> = {
  'users.insert': ({ users }) => {
    const kept = references(users.find.bind(users))
    return {
      users: {
        find: kept.find,
        insert: (user) => kept.after(users.insert(user), user.id, user),
      },
    }
  },
  'users.update': ({ users }) => {
    const kept = references(users.find.bind(users))
    return {
      users: {
        find: kept.find,
        update: (id, version, patch) => kept.after(users.update(id, version, patch), id, patch),
      },
    }
  },
  'sessions.insert': keepingSession(({ sessions }, keep) => ({
    insert: (session) => keep(sessions.insert(session), session.id, session),
  })),
  'sessions.rotate': keepingSession(({ sessions }, keep) => ({
    rotate: (id, expected, patch) => keep(sessions.rotate(id, expected, patch), id, patch),
  })),
  'sessions.confirm': keepingSession(({ sessions }, keep) => ({
    confirm: (id, generation, seen) =>
      keep(sessions.confirm(id, generation, seen), id, referenceTo(seen, 'now')),
  })),
  'sessions.revoke': keepingSession(({ sessions }, keep) => ({
    revoke: (id, reason, at) => keep(sessions.revoke(id, reason, at), id, { revokedAt: at }),
  })),
  'oneTimeTokens.put': ({ oneTimeTokens }) => {
    const given = new Map<string, object>()
    return {
      oneTimeTokens: {
        put(token) {
          given.set(token.linkHash, token)
          return oneTimeTokens.put(token)
        },
        async find(linkHash, purpose, now) {
          const token = await oneTimeTokens.find(linkHash, purpose, now)
          return token && { ...token, ...given.get(linkHash) }
        },
      },
    }
  },
  'events.append': ({ events }) => {
    const given = new Map<string, object>()
    return {
      events: {
        append(added) {
          for (const event of added) given.set(event.id, event)
          return events.append(added)
        },
        async list(query) {
          const listed = await events.list(query)
          return listed.map((each) => ({ ...each, ...given.get(each.id) }))
        },
      },
    }
  },
}

export const brokenRecords: readonly BrokenStore[] = [
  ...READS.map(([group, verb]) =>
    broken(
      `${group}.${verb}: gives its own record away`,
      `${BACK} > ${group}.${verb}: changing one changes nothing in the store`,
      (store) => {
        const read: unknown = Reflect.get(store[group], verb)
        const shared = sharing(read as (...input: unknown[]) => Promise<unknown>, store[group])
        return { [group]: { [verb]: shared } }
      },
    ),
  ),

  broken(
    'gives away the list of what it revoked',
    `${BACK} > revokedSince: changing what it answers changes nothing`,
    (store) => ({
      revokedSince: sharing((cursor: string | null) => store.revokedSince(cursor), store),
    }),
  ),

  ...Object.entries(WRITES).map(([verb, faults]) =>
    broken(`${verb}: keeps what it is given, and no copy`, `${IN} > ${verb}`, faults),
  ),
]

/** Equal answers are one object. */
function sharing<Input extends unknown[], Answer>(
  read: (...input: Input) => Promise<Answer>,
  self: object,
): (...input: Input) => Promise<Answer> {
  const given = new Map<string, Answer>()
  return async (...input) => {
    const answer: Answer = await Reflect.apply(read, self, input)
    const text = JSON.stringify(answer)
    if (!given.has(text)) given.set(text, answer)
    return given.get(text) ?? answer
  }
}

type Keep = <T>(write: Promise<T>, id: string, reference: object) => Promise<T>

/** Remembers what was written by reference, and lays it over what is read. */
function references<Record extends object>(read: (id: string) => Promise<Record | null>) {
  const kept = new Map<string, object>()
  const after: Keep = async (write, id, reference) => {
    const answer = await write
    kept.set(id, reference)
    return answer
  }
  return {
    after,
    async find(id: string): Promise<Record | null> {
      const found = await read(id)
      return found && { ...found, ...kept.get(id) }
    },
  }
}

function keepingSession(writes: (store: Store, keep: Keep) => Faults['sessions']) {
  return (store: Store): Faults => {
    const kept = references(async (id) => (await store.sessions.find(id))?.session ?? null)
    const find: Store['sessions']['find'] = async (id) => {
      const [found, session] = [await store.sessions.find(id), await kept.find(id)]
      return found && session && { ...found, session }
    }
    return { sessions: { ...writes(store, kept.after), find } }
  }
}

/** The date itself, by the name that it has in the session. */
function referenceTo<Key extends string>(owner: Readonly<Record<Key, Date>>, key: Key) {
  return { lastSeenAt: owner[key] }
}
