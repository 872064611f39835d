import type { Store, User, UserStore } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'

/** A store that lists more users than anybody would want to make. */
export interface StoreOfMany {
  readonly store: Store
  /** How many pages of them have been asked for. */
  pages(): number
}

/** A memory store beside which so many users are listed, each with a profile of some kilobytes. Fails at a page if asked to. */
export function storeOfMany(
  users: number,
  { failsAtPage = Number.POSITIVE_INFINITY } = {},
): StoreOfMany {
  const store = memoryStore()
  const note = 'x'.repeat(7000)
  let pages = 0

  function userAt(index: number, template: User): User {
    const id = `0190a5f2-0000-7000-8000-${String(index).padStart(12, '0')}`
    return { ...template, id, profile: { index, note } }
  }

  let list: UserStore['list'] = async ({ limit, after }) => {
    pages += 1
    if (pages >= failsAtPage) throw new Error('the store does not answer')
    const [template] = await store.users.list({ ...everybody, limit: 1 })
    const start = after === null ? 0 : Number(after.id.slice(-12)) + 1
    const length = Math.max(0, Math.min(limit, users - start))
    if (template === undefined) return []
    return Array.from({ length }, (_, index) => userAt(start + index, template))
  }

  const listed = new Proxy(store.users, {
    set(_target, name, value) {
      if (name === 'list') list = value
      return name === 'list'
    },
    get(target, name) {
      if (name === 'list') return list
      const verb: unknown = Reflect.get(target, name)
      return typeof verb === 'function' ? verb.bind(target) : verb
    },
  })
  return { pages: () => pages, store: { ...store, users: listed } }
}

const everybody = {
  sort: 'createdAt',
  order: 'ascending',
  after: null,
  prefix: null,
  status: null,
  role: null,
  createdFrom: null,
  createdBefore: null,
} as const
