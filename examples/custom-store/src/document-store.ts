import type { DatabaseSync } from 'node:sqlite'
import type {
  EventRecord,
  OneTimeToken,
  Session,
  SessionStore,
  SessionWithUser,
  Store,
  User,
} from '@latchkey/core'
import { UniqueViolation } from '@latchkey/core'
import {
  clockOf,
  DocumentTable,
  DuplicateMember,
  type Filter,
  type Stored,
} from './document-table.ts'

/**
 * A store on a database of documents. Every verb that changes a record reads it, works out what it becomes, and writes
 * it if nobody else has changed it meanwhile; else it starts again. The database judges, and the verb is atomic.
 */
export function documentStore(db: DatabaseSync): Store {
  const tables = openTables(db)
  return {
    users: userStore(tables),
    sessions: sessionStore(tables),
    oneTimeTokens: oneTimeTokenStore(tables),
    events: eventStore(tables),
    revokedSince: async (cursor) => revokedSince(db, tables, cursor),
    prune: async ({ now, endedBefore, pendingBefore }) =>
      (await removeAll(tables.tokens, { expiresAt: { before: now } })) +
      (await removeAll(tables.sessions, { revokedAt: { before: endedBefore } })) +
      (await removeAll(tables.sessions, { idleExpiresAt: { before: endedBefore } })) +
      (await removeAll(tables.sessions, { absoluteExpiresAt: { before: endedBefore } })) +
      (await removeAll(tables.users, { status: 'deleted', updatedAt: { before: endedBefore } })) +
      (await removeAll(tables.users, { status: 'pending', updatedAt: { before: pendingBefore } })),
    ready: async () => void clockOf(db),
    close: async () => {},
  }
}

type Tables = ReturnType<typeof openTables>

function openTables(db: DatabaseSync) {
  const idOf = ({ id }: { readonly id: string }) => id
  return {
    users: new DocumentTable<User>(db, 'users', idOf, {
      unique: ['email', 'username', 'phone'],
      indexed: ['status'],
      dates: [
        'emailVerifiedAt',
        'phoneVerifiedAt',
        'lockedUntil',
        'deleteAfter',
        'createdAt',
        'updatedAt',
      ],
    }),
    sessions: new DocumentTable<Session>(db, 'sessions', idOf, {
      unique: [],
      indexed: ['userId', 'revokedAt', 'idleExpiresAt', 'absoluteExpiresAt'],
      dates: [
        'authTime',
        'createdAt',
        'lastSeenAt',
        'idleExpiresAt',
        'absoluteExpiresAt',
        'revokedAt',
      ],
    }),
    // The place of a token is its key: there is one token in it.
    tokens: new DocumentTable<OneTimeToken>(db, 'tokens', placeOf, {
      unique: ['linkHash'],
      indexed: ['userId', 'expiresAt'],
      dates: ['codeExpiresAt', 'createdAt', 'expiresAt'],
    }),
    events: new DocumentTable<EventRecord>(db, 'events', idOf, {
      unique: [],
      indexed: ['userId', 'at'],
      dates: ['at'],
    }),
  }
}

function placeOf({ userId, purpose, slot }: Pick<OneTimeToken, 'userId' | 'purpose' | 'slot'>) {
  return JSON.stringify([userId, purpose, slot])
}

/**
 * The heart of the store. `next` says what the document becomes; the same document leaves it as it is, and `null` refuses.
 * Resolves the document as it is then, `null` when there is none or it was refused.
 */
async function change<Doc extends object>(
  table: DocumentTable<Doc>,
  filter: Filter,
  next: (doc: Doc) => Doc | null,
  revokes: (before: Doc, after: Doc) => boolean = () => false,
): Promise<Doc | null> {
  for (;;) {
    const [stored] = await table.find(filter)
    const after = stored === undefined ? null : next(stored.doc)
    if (stored === undefined || after === null) return null
    if (after === stored.doc) return after
    if (await table.replace(stored, after, revokes(stored.doc, after))) return after
  }
}

async function removeAll<Doc extends object>(
  table: DocumentTable<Doc>,
  filter: Filter,
): Promise<number> {
  const removed = await Promise.all(
    (await table.find(filter)).map((stored) => table.remove(stored)),
  )
  return removed.filter(Boolean).length
}

function docsOf<Doc>(stored: readonly Stored<Doc>[]): Doc[] {
  return stored.map(({ doc }) => doc)
}

function newestFirst(a: { createdAt: Date; id: string }, b: { createdAt: Date; id: string }) {
  return +b.createdAt - +a.createdAt || (a.id < b.id ? 1 : -1)
}

function userStore({ users }: Tables): Store['users'] {
  const find = async (filter: Filter) => docsOf(await users.find(filter))[0] ?? null
  return {
    insert: (user) => users.insert(user).catch(refuse),
    find: (id) => find({ id }),
    findByIdentifier: ({ kind, value }) => find({ [kind]: value }),
    update: (id, version, patch) =>
      change(
        users,
        { id, version },
        (user) => ({ ...user, ...patch, version: version + 1 }),
        (before, after) =>
          before.status !== after.status ||
          before.credentialEpoch !== after.credentialEpoch ||
          before.claimsVersion !== after.claimsVersion,
      ).catch(refuse),
    countFailedLogin: ({ kind, value }) =>
      change(users, { [kind]: value }, (user) => ({
        ...user,
        failedLogins: user.failedLogins + 1,
      })),
    async clearFailedLogins(id) {
      await change(users, { id }, (user) => ({ ...user, failedLogins: 0, lockedUntil: null }))
    },
    async countAdmins({ role, except }) {
      const active = docsOf(await users.find({ status: 'active' }))
      return active.filter(
        ({ id, roles, leavingAdmin }) => roles.includes(role) && !leavingAdmin && id !== except,
      ).length
    },
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof DuplicateMember)) throw error
  throw new UniqueViolation(error.member as UniqueViolation['field'])
}

function sessionStore({ sessions, users }: Tables): SessionStore {
  async function withUser(session: Session | null | undefined): Promise<SessionWithUser | null> {
    const [user] = session ? docsOf(await users.find({ id: session.userId })) : []
    return session && user ? { session, user } : null
  }
  async function liveOf(userId: string, now: Date): Promise<Session[]> {
    const limits = { idleExpiresAt: { after: now }, absoluteExpiresAt: { after: now } }
    return docsOf(await sessions.find({ userId, revokedAt: null, ...limits })).sort(newestFirst)
  }
  const revoke: SessionStore['revoke'] = async (id, revokedReason, revokedAt) => {
    const end = (session: Session) => ({ ...session, revokedAt, revokedReason })
    return (await change(sessions, { id, revokedAt: null }, end, () => true)) !== null
  }
  return {
    insert: (session) => sessions.insert(session),
    find: async (id) => withUser(docsOf(await sessions.find({ id }))[0]),
    listByUser: liveOf,
    async rotate(id, { generation, unconfirmed }, patch) {
      const rotated = await change(sessions, { id, generation, revokedAt: null }, (session) => {
        if (unconfirmed && session.confirmedGeneration >= generation) return null
        const confirmed = Math.max(session.confirmedGeneration, patch.confirmedGeneration)
        return { ...session, ...patch, confirmedGeneration: confirmed }
      })
      return rotated !== null
    },
    async confirm(id, generation, { now, idleExpiresAt, touchBefore }) {
      const limits = { idleExpiresAt: { after: now }, absoluteExpiresAt: { after: now } }
      const seen = await change(sessions, { id, revokedAt: null, ...limits }, (session) => {
        if (generation > session.generation || generation < session.burntBelow) return null
        const known = generation <= session.confirmedGeneration
        if (known && session.lastSeenAt >= touchBefore) return session
        return {
          ...session,
          confirmedGeneration: Math.max(session.confirmedGeneration, generation),
          lastSeenAt: now,
          idleExpiresAt: new Date(Math.min(+idleExpiresAt, +session.absoluteExpiresAt)),
        }
      })
      return withUser(seen) // read after the session, which is no earlier than the call
    },
    revoke,
    async revokeAll(userId, keep, reason, at) {
      const epoch = keep.credentialEpoch ?? Number.POSITIVE_INFINITY
      const ended = docsOf(await sessions.find({ userId, revokedAt: null })).filter(
        (session) => session.id !== keep.id && session.credentialEpoch < epoch,
      )
      await Promise.all(ended.map(({ id }) => revoke(id, reason, at)))
    },
    async evictBeyond(userId, max, at) {
      const oldest = (await liveOf(userId, at)).slice(max)
      const ended = await Promise.all(oldest.map(({ id }) => revoke(id, 'evicted', at)))
      return ended.filter(Boolean).length
    },
  }
}

function oneTimeTokenStore({ tokens }: Tables): Store['oneTimeTokens'] {
  return {
    async put(token) {
      const inPlace = { userId: token.userId, purpose: token.purpose, slot: token.slot }
      for (;;) {
        const carryOver = (old: OneTimeToken) =>
          old.expiresAt > token.createdAt
            ? { ...token, attemptsLeft: Math.min(old.attemptsLeft, token.attemptsLeft) }
            : token
        const replaced = await change(tokens, inPlace, carryOver)
        if (replaced !== null) return replaced.attemptsLeft
        const inserted = await tokens.insert(token).then(
          () => true,
          (error: unknown) => {
            if (error instanceof DuplicateMember && error.member === 'id') return false
            throw error
          },
        )
        if (inserted) return token.attemptsLeft
      }
    },
    find: async (linkHash, purpose, now) =>
      docsOf(await tokens.find({ linkHash, purpose, expiresAt: { after: now } }))[0] ?? null,
    async list(userId, purpose, now, limit) {
      const found = await tokens.find({ userId, purpose, expiresAt: { after: now } })
      return docsOf(found).sort(newestFirst).slice(0, limit)
    },
    async take(linkHash, purpose, now) {
      for (;;) {
        const [stored] = await tokens.find({ linkHash, purpose, expiresAt: { after: now } })
        if (stored === undefined) return null
        if (await tokens.remove(stored)) return stored.doc
      }
    },
    tryCode: (userId, purpose, now) =>
      change(tokens, { userId, purpose, slot: '', expiresAt: { after: now } }, (token) => {
        const { codeHash, codeExpiresAt, attemptsLeft } = token
        if (codeHash === null || codeExpiresAt === null || codeExpiresAt <= now) return null
        return attemptsLeft === 0 ? null : { ...token, attemptsLeft: attemptsLeft - 1 }
      }),
  }
}

function eventStore({ events }: Tables): Store['events'] {
  const positionOf = ({ at, id }: EventRecord) => `${at.toISOString()}/${id}`
  return {
    async append(added) {
      for (const event of added) {
        await events.insert(event).catch((error: unknown) => {
          if (!(error instanceof DuplicateMember)) throw error
        })
      }
    },
    async list({ limit, cursor, userId }) {
      const found = docsOf(await events.find(userId === null ? {} : { userId }))
        .filter((event) => cursor === null || positionOf(event) < cursor)
        .sort((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1))
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return { events: page, cursor: last && found.length > limit ? positionOf(last) : null }
    },
  }
}

const REACH_MS = 10_000

async function revokedSince(db: DatabaseSync, { users, sessions }: Tables, cursor: string | null) {
  const now = clockOf(db) // before the documents are read
  const since = Math.min(cursor === null ? now : Number(cursor), now) - REACH_MS
  const ended = await sessions.revokedSince(since)
  const changed = await users.revokedSince(since)
  return {
    cursor: String(now),
    sessions: ended.map(({ id }) => id),
    users: changed.map(({ id, credentialEpoch, claimsVersion }) => ({
      id,
      credentialEpoch,
      claimsVersion,
    })),
  }
}
