import type { Store } from '@latchkey/core'

/** The store, telling every text in the inputs of its verbs that not every database can hold. */
export function watchedStore(store: Store, tell: (verb: string, text: string) => void): Store {
  const watch = <Group extends object>(group: Group, path: string): Group =>
    new Proxy(group, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        const at = `${path}${String(name)}`
        if (typeof member === 'function') {
          return (...input: unknown[]) => {
            for (const text of textsIn(input)) if (isUnsafe(text)) tell(at, text)
            return Reflect.apply(member, target, input)
          }
        }
        return typeof member === 'object' && member !== null ? watch(member, `${at}.`) : member
      },
    })
  return watch(store, '')
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)])
}

/** PostgreSQL refuses U+0000; half a character becomes another on its way to any of them. */
function isUnsafe(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed()
}
