import type { Store } from '@latchkey/core'
import type { Faults } from './broken-store.ts'

/** What a store makes of a value, wherever it stands. */
export type Change = (value: unknown) => unknown

/** Changes every value on its way in, and the whole answer on its way out. */
export function mapped(inward: Change, outward: Change = (answer) => answer) {
  return (store: Store): Faults => ({
    users: mapGroup(store.users, inward, outward),
    sessions: mapGroup(store.sessions, inward, outward),
    oneTimeTokens: mapGroup(store.oneTimeTokens, inward, outward),
    events: mapGroup(store.events, inward, outward),
  })
}

function mapGroup<Group extends object>(group: Group, inward: Change, outward: Change): Group {
  return new Proxy(group, {
    get(target, name) {
      const verb: unknown = Reflect.get(target, name)
      if (typeof verb !== 'function') return verb
      return async (...input: unknown[]) =>
        outward(
          await Reflect.apply(
            verb,
            target,
            input.map((value) => deep(value, inward)),
          ),
        )
    },
  })
}

/** From the inside out. */
export function deep(value: unknown, change: Change): unknown {
  if (Array.isArray(value)) return change(value.map((each) => deep(each, change)))
  if (typeof value !== 'object' || value === null || value instanceof Date) return change(value)
  const entries = Object.entries(value).map(([key, each]) => [key, deep(each, change)])
  return change(Object.fromEntries(entries))
}

export function ofText(change: (text: string) => unknown): Change {
  return (value) => (typeof value === 'string' ? change(value) : value)
}

export function ofDate(change: (time: number) => number | null): Change {
  return (value) => {
    if (!(value instanceof Date)) return value
    const time = change(value.getTime())
    return time === null ? null : new Date(time)
  }
}

export function ofNumber(change: (number: number) => unknown): Change {
  return (value) => (typeof value === 'number' ? change(value) : value)
}

/** Every object, and every array as it is. */
export function ofObject(change: (entries: [string, unknown][]) => [string, unknown][]): Change {
  return (value) => {
    const plain = typeof value === 'object' && value !== null && !(value instanceof Date)
    if (!plain || Array.isArray(value)) return value
    return Object.fromEntries(change(Object.entries(value)))
  }
}

/** What is in a profile or in data, and nothing else. */
export function inJson(change: Change): Change {
  return ofObject((entries) =>
    entries.map(([key, value]) => [
      key,
      key === 'profile' || key === 'data' ? deep(value, change) : value,
    ]),
  )
}
