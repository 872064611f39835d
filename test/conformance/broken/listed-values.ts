import { type BrokenStore, broken } from './broken-store.ts'
import { asking as askingForEvents } from './listed-events.ts'
import { asking as askingForUsers } from './listed-users.ts'

const TEXT = 'text is given back as it was'
const DATE = 'a date is given back to the millisecond'
const TWICE = 'the second of an hour that clocks in Europe show twice'
const HOUR = 3_600_000

/** What they keep is right; what they look for is not. */
export const brokenListedValues: readonly BrokenStore[] = [
  broken(
    'looks for the creation of users in a local time',
    `${DATE} > users, listed: ${TWICE}`,
    askingForUsers((query) => ({ ...query, createdFrom: clockTime(query.createdFrom, HOUR) })),
  ),

  broken(
    'looks for the time of events in a local time',
    `${DATE} > events: ${TWICE}`,
    askingForEvents((query) => ({ ...query, from: clockTime(query.from, HOUR) })),
  ),

  broken(
    'waits an hour more with the deletion of users where clocks show it twice',
    `${DATE} > users, listed: ${TWICE}`,
    ({ users }) => ({
      users: {
        listDueForDeletion: (now, limit) =>
          users.listDueForDeletion(clockTime(now, -HOUR) ?? now, limit),
      },
    }),
  ),

  broken(
    'fills in what looks like a parameter in a role',
    `${TEXT} > users, listed: placeholders`,
    askingForUsers(({ role, ...query }) => ({
      ...query,
      role: role === null ? null : role.replace(/\$\d|\?|:\w+/g, 'NULL'),
    })),
  ),

  broken(
    'escapes quotes in a place as a page would',
    `${TEXT} > users, listed: SQL metacharacters`,
    askingForUsers(({ after, ...query }) => ({
      ...query,
      after: after && { ...after, value: escaped(after.value) },
    })),
  ),

  broken(
    'doubles quotes in the type of an event',
    `${TEXT} > events: SQL metacharacters`,
    askingForEvents(({ type, ...query }) => ({
      ...query,
      type: type === null ? null : type.replaceAll("'", "''"),
    })),
  ),
]

function clockTime(date: Date | null, shift: number): Date | null {
  const isTwice = date?.toISOString().startsWith('2030-10-27T01') === true
  return date && isTwice ? new Date(date.getTime() + shift) : date
}

function escaped(value: Date | string): Date | string {
  return value instanceof Date ? value : value.replaceAll("'", '&#39;')
}
