import type { EventRecord, UserStatus } from './records.ts'

/** By what users are sorted. Sorted by an identifier, users without one of that kind are left out. */
export type UserSort = 'createdAt' | 'email' | 'username' | 'phone'

/** Which users, in which order, and where to go on. A condition that is `null` is none. */
export interface UserQuery {
  /** At most this many; 1 or more. */
  readonly limit: number
  /** Text is compared byte for byte, in UTF-8. Users with one value are in the order of their ids. */
  readonly sort: UserSort
  /** Of the values and of the ids alike. */
  readonly order: 'ascending' | 'descending'
  /** Only users beyond this place in the order. */
  readonly after: UserPosition | null
  /**
   * Only users of whom an identifier, of any kind, in its canonical form, begins with this text, byte for byte. Never
   * empty. No character stands for another.
   */
  readonly prefix: string | null
  readonly status: Exclude<UserStatus, 'deleted'> | null
  /** Only users who have this role, compared byte for byte. */
  readonly role: string | null
  /** Only users created at this time or later. */
  readonly createdFrom: Date | null
  /** Only users created before this time. */
  readonly createdBefore: Date | null
}

/** A place in the order of users: that of a user with these values. Nobody need be there, or have ever been. */
export interface UserPosition {
  /** What the query sorts by: a date for `createdAt`, else text. */
  readonly value: Date | string
  readonly id: string
}

/** Which events, and where to go on. A condition that is `null` is none. */
export interface EventQuery {
  /** At most this many; 1 or more. */
  readonly limit: number
  /** Only events older than one with this time and id. */
  readonly after: EventPosition | null
  /** Only events about this user. */
  readonly userId: string | null
  /** Only events that this user caused. */
  readonly actorId: string | null
  /** Only events of this type, compared byte for byte. */
  readonly type: string | null
  readonly outcome: EventRecord['outcome'] | null
  /** Only events of this time or later. */
  readonly from: Date | null
  /** Only events before this time. */
  readonly before: Date | null
}

/** A place in the audit log: that of an event with these values. No event need be there, or have ever been. */
export interface EventPosition {
  readonly at: Date
  readonly id: string
}
