import { closeSync, openSync, readSync } from 'node:fs'
import type { EventRecord, IdentifierKind, OneTimeToken, Session, User } from '@latchkey/core'
import { open } from './lmdb.ts'
import { type RevocationFeed, revocationFeed } from './revocation-feed.ts'
import { Table } from './table.ts'

/** An LMDB environment, which is one file, and the tables in it. */
export interface Environment {
  readonly users: Table<User>
  readonly sessions: Table<Session>
  readonly tokens: Table<OneTimeToken>
  readonly events: Table<EventRecord>
  readonly feed: RevocationFeed
  /** Runs a verb that only reads, on what is committed when it is called. */
  read<T>(verb: () => T): Promise<T>
  /** Runs a verb in a write transaction, and resolves when it is on the disk. A verb that throws has done nothing. */
  write<T>(verb: () => T): Promise<T>
  close(): Promise<void>
}

export const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

/** Opens the file, and makes it where it is missing. Any number of processes may have it open, on one machine. */
export function openEnvironment(path: string): Environment {
  refuseForeignFile(path)
  const root = open({
    path,
    noSubdir: true,
    overlappingSync: false, // else a verb would resolve before it is on the disk
    eventTurnBatching: false, // its batches reject promises that nobody holds when a commit fails
  })
  return {
    users: new Table<User>(root, 'users', { key: idOf, indexes: keysOfUser }),
    sessions: new Table<Session>(root, 'sessions', { key: idOf, indexes: keysOfSession }),
    tokens: new Table<OneTimeToken>(root, 'tokens', { key: placeOf, indexes: keysOfToken }),
    events: new Table<EventRecord>(root, 'events', { key: idOf, indexes: keysOfEvent }),
    feed: revocationFeed(root),
    async read(verb) {
      root.resetReadTxn() // else it could see what an earlier one of this turn has seen
      return verb()
    },
    async write(verb) {
      try {
        return await root.childTransaction(verb)
      } catch (error) {
        await (error as { commitError?: Promise<never> }).commitError // rejects: why a commit failed
        throw error
      }
    },
    close: () => root.close(),
  }
}

const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe])

/** At a file that is not its own, LMDB would end the process. One that is missing is made, for its owner only. */
function refuseForeignFile(path: string): void {
  const file = openSync(path, 'a+', 0o600)
  const head = Buffer.alloc(64)
  const length = readSync(file, head, 0, head.length, 0)
  closeSync(file)
  if (length > 0 && !head.includes(MAGIC)) throw new Error(`${path} is not an LMDB database`)
}

const idOf = ({ id }: { readonly id: string }) => [id]
const placeOf = ({ userId, purpose, slot }: OneTimeToken) => [userId, purpose, slot]

function keysOfUser(user: User) {
  const { id, status, roles, deleteAfter, createdAt, updatedAt } = user
  const identifiers = KINDS.flatMap((kind) => (user[kind] === null ? [] : [[kind, user[kind]]]))
  const changed = ['changed', status, updatedAt, id]
  if (status === 'deleted') return [...identifiers, changed]
  return [
    ...identifiers,
    changed,
    ['created', createdAt, id],
    ['status', status, createdAt, id],
    ...Array.from(new Set(roles), (role) => ['role', role, createdAt, id]),
    ...(deleteAfter === null ? [] : [['due', deleteAfter, id]]),
  ]
}

function keysOfSession(session: Session) {
  const { id, userId, createdAt, revokedAt, idleExpiresAt, absoluteExpiresAt } = session
  const limits = [idleExpiresAt, absoluteExpiresAt, revokedAt ?? absoluteExpiresAt].map(Number)
  const ended = ['ended', new Date(Math.min(...limits)), id]
  return revokedAt === null ? [['user', userId, createdAt, id], ended] : [ended]
}

function keysOfToken({ id, userId, purpose, slot, linkHash, createdAt, expiresAt }: OneTimeToken) {
  return [
    ['link', linkHash],
    ['user', userId, purpose, createdAt, id],
    ['expired', expiresAt, userId, purpose, slot],
  ]
}

function keysOfEvent({ id, at, userId, actorId }: EventRecord) {
  return [
    ['all', at, id],
    ...(userId === null ? [] : [['user', userId, at, id]]),
    ...(actorId === null ? [] : [['actor', actorId, at, id]]),
  ]
}
