import {
  type IdentifierKind,
  type Store,
  UniqueViolation,
  type User,
  type UserPatch,
} from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'
import { identifiersOf, KINDS } from './identifiers.ts'

const ONE = 'users, 50 calls at once, one identifier'

export const brokenUniqueness: readonly BrokenStore[] = [
  ...KINDS.map((kind) =>
    broken(
      `has no unique index on ${kind}`,
      `users.insert > S112 refuses a taken ${kind}, names it, and writes nothing`,
      withoutUnique(kind),
    ),
  ),

  ...KINDS.map((kind) =>
    broken(
      `looks for the holder of the ${kind}, then inserts`,
      `${ONE} > S112 S113 lets exactly one of the inserts of one ${kind} in`,
      (store) => {
        const { find, insert } = lookingFirst(kind, store)
        return { users: { find, insert } }
      },
    ),
  ),

  ...KINDS.map((kind) =>
    broken(
      `looks for the holder of the ${kind}, then updates`,
      `${ONE} > S112 gives one ${kind} that many updates want to exactly one`,
      (store) => {
        const { find, update } = lookingFirst(kind, store)
        return { users: { find, update } }
      },
    ),
  ),

  broken(
    'takes a user for the holder who stands in the way of their update',
    'users.update, identifiers > takes the own identifiers again',
    ({ users }) => ({
      users: {
        async update(id, version, patch) {
          const value = patch.username
          const taken = value != null && (await users.findByIdentifier({ kind: 'username', value }))
          if (taken) throw new UniqueViolation('username')
          return users.update(id, version, patch)
        },
      },
    }),
  ),

  broken(
    'asks who holds an identifier when it inserts, and not when it updates',
    `${ONE} > S112 gives an identifier to an insert or to an update, never to both`,
    (store) => {
      const { find, update } = secondHolders('username', store)
      return { users: { find, update } }
    },
  ),

  broken(
    'names the wrong field as taken',
    'users.insert > S112 refuses a taken username, names it, and writes nothing',
    ({ users }) => ({
      users: { insert: (user) => refusing(users.insert(user), () => new UniqueViolation('email')) },
    }),
  ),

  broken(
    'throws what its driver throws when an identifier is taken',
    'users.update, identifiers > S112 refuses the phone of somebody else, and writes nothing',
    ({ users }) => ({
      users: {
        update: (id, version, patch) =>
          refusing(users.update(id, version, patch), () => new Error('duplicate key')),
      },
    }),
  ),

  broken(
    'takes an insert of an id that exists for an update',
    'users.insert > refuses an id that exists, and writes nothing',
    ({ users }) => ({
      users: {
        async insert(user) {
          const { id, createdAt, version, failedLogins, lockedUntil, ...patch } = user
          const before = await users.find(id)
          if (before === null) await users.insert(user)
          else await users.update(id, before.version, patch)
        },
      },
    }),
  ),

  broken(
    'never frees an identifier',
    'users.update, identifiers > leaves an identifier that was given up to whoever asks next',
    ({ users }) => {
      const given = new Map<string, string>()
      return {
        users: {
          async insert(user) {
            const holder = given.get(`${user.username}`)
            if (user.username !== null && holder !== undefined)
              throw new UniqueViolation('username')
            await users.insert(user)
            given.set(`${user.username}`, user.id)
          },
        },
      }
    },
  ),

  broken(
    'gives one value to one kind of identifier only',
    'users.insert > keeps the kinds apart: one value may be e-mail, username and phone',
    ({ users }) => ({
      users: {
        async insert(user) {
          for (const { kind, value } of identifiersOf(user)) {
            const found = KINDS.map((other) => users.findByIdentifier({ kind: other, value }))
            if ((await Promise.all(found)).some(Boolean)) throw new UniqueViolation(kind)
          }
          await users.insert(user)
        },
      },
    }),
  ),
]

function withoutUnique(kind: IdentifierKind): (sound: Store) => Faults {
  return (store) => ({ users: secondHolders(kind, store) })
}

/** Who comes second is kept too, under no identifier, and shown with it. */
function secondHolders(kind: IdentifierKind, { users }: Store) {
  const second = new Map<string, string | null | undefined>()
  const show = (user: User | null) =>
    user !== null && second.has(user.id) ? { ...user, [kind]: second.get(user.id) } : user
  const orElse = async <T>(call: Promise<T>, other: () => Promise<T>): Promise<T> =>
    call.catch((error: unknown) => {
      if (error instanceof UniqueViolation && error.field === kind) return other()
      throw error
    })
  return {
    insert: (user: User) =>
      orElse(users.insert(user), () => {
        second.set(user.id, user[kind])
        return users.insert({ ...user, [kind]: null })
      }),
    find: async (id: string) => show(await users.find(id)),
    update: async (id: string, version: number, patch: UserPatch) => {
      const write = orElse(users.update(id, version, patch), () => {
        second.set(id, patch[kind])
        return users.update(id, version, { ...patch, [kind]: null })
      })
      return show(await write)
    },
  }
}

/** Refuses what is taken already, and nothing that is being taken. */
function lookingFirst(kind: IdentifierKind, store: Store) {
  const { insert, find, update } = secondHolders(kind, store)
  const check = async (value: string | null | undefined, id: string) => {
    const holder = value == null ? null : await store.users.findByIdentifier({ kind, value })
    if (holder !== null && holder.id !== id) throw new UniqueViolation(kind)
    await tick()
  }
  return {
    find,
    async insert(user: User) {
      await check(user[kind], user.id)
      await insert(user)
    },
    async update(id: string, version: number, patch: UserPatch) {
      if ((await find(id))?.version !== version) return null
      await check(patch[kind], id)
      return update(id, version, patch)
    },
  }
}

async function refusing<T>(call: Promise<T>, refusal: () => Error): Promise<T> {
  return call.catch(() => {
    throw refusal()
  })
}
