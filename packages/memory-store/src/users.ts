import {
  type Identifier,
  type IdentifierKind,
  type PruneLimits,
  UniqueViolation,
  type User,
  type UserPatch,
  type UserQuery,
  type UserStore,
} from '@latchkey/core'
import type { ChangeLog } from './change-log.ts'
import { listUsers } from './user-list.ts'

const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

/** The users, and who holds which identifier. */
export class UserTable implements UserStore {
  readonly #changes: ChangeLog
  readonly #users = new Map<string, User>()
  readonly #holders = new Map<string, string>()

  constructor(changes: ChangeLog) {
    this.#changes = changes
  }

  async insert(user: User): Promise<void> {
    if (this.#users.has(user.id)) throw new UniqueViolation('id')
    this.#checkUnique(user)
    this.#write(user)
  }

  async find(id: string): Promise<User | null> {
    return structuredClone(this.#users.get(id) ?? null)
  }

  async findByIdentifier(identifier: Identifier): Promise<User | null> {
    return structuredClone(this.#holder(identifier))
  }

  async update(id: string, expectedVersion: number, patch: UserPatch): Promise<User | null> {
    const before = this.#users.get(id)
    if (before === undefined || before.version !== expectedVersion) return null
    const after: User = { ...before, ...patch, version: before.version + 1 }
    this.#checkUnique(after)
    this.#write(after)
    if (endsSomething(before, after)) this.#changes.userChanged(after)
    return structuredClone(after)
  }

  async countFailedLogin(identifier: Identifier): Promise<User | null> {
    const user = this.#holder(identifier)
    if (user === null) return null
    const counted = { ...user, failedLogins: user.failedLogins + 1 }
    this.#users.set(user.id, counted)
    return structuredClone(counted)
  }

  async clearFailedLogins(id: string): Promise<void> {
    const user = this.#users.get(id)
    if (user !== undefined) this.#users.set(id, { ...user, failedLogins: 0, lockedUntil: null })
  }

  async countAdmins(query: { readonly role: string; readonly except: string | null }) {
    const counts = ({ id, status, roles, leavingAdmin }: User) =>
      id !== query.except && status === 'active' && !leavingAdmin && roles.includes(query.role)
    return [...this.#users.values()].filter(counts).length
  }

  async list(query: UserQuery): Promise<readonly User[]> {
    return structuredClone(listUsers(this.#users.values(), query))
  }

  async listDueForDeletion(now: Date, limit: number): Promise<readonly User[]> {
    const isDue = ({ status, deleteAfter }: User) =>
      status !== 'deleted' && deleteAfter !== null && deleteAfter <= now
    return structuredClone([...this.#users.values()].filter(isDue).slice(0, limit))
  }

  /** The record itself: not for changing, not for giving away. */
  peek(id: string): User | undefined {
    return this.#users.get(id)
  }

  prune({ endedBefore, pendingBefore }: PruneLimits): number {
    const gone = [...this.#users.values()].filter(
      ({ status, updatedAt }) =>
        (status === 'pending' && updatedAt < pendingBefore) ||
        (status === 'deleted' && updatedAt < endedBefore),
    )
    for (const { id } of gone) this.#remove(id)
    return gone.length
  }

  #holder({ kind, value }: Identifier): User | null {
    return this.#users.get(this.#holders.get(`${kind}:${value}`) ?? '') ?? null
  }

  #checkUnique(user: User): void {
    for (const identifier of identifiersOf(user)) {
      const owner = this.#holder(identifier)
      if (owner !== null && owner.id !== user.id) throw new UniqueViolation(identifier.kind)
    }
  }

  #write(user: User): void {
    this.#remove(user.id)
    this.#users.set(user.id, structuredClone(user))
    for (const { kind, value } of identifiersOf(user))
      this.#holders.set(`${kind}:${value}`, user.id)
  }

  #remove(id: string): void {
    const user = this.#users.get(id)
    if (user === undefined) return
    for (const { kind, value } of identifiersOf(user)) this.#holders.delete(`${kind}:${value}`)
    this.#users.delete(id)
  }
}

function identifiersOf(user: User): readonly Identifier[] {
  return KINDS.flatMap((kind) => {
    const value = user[kind]
    return value === null ? [] : [{ kind, value }]
  })
}

function endsSomething(before: User, after: User): boolean {
  return (
    after.status !== before.status ||
    after.credentialEpoch !== before.credentialEpoch ||
    after.claimsVersion !== before.claimsVersion
  )
}
