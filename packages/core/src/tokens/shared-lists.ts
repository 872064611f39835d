// More sets of roles than any application has; roles of its own making are not kept for ever.
const CAPACITY = 1000

const lists = new Map<string, readonly string[]>()

/** The same list for the same values: a hundred thousand tokens have a few sets of roles between them. */
export function sharedList(values: readonly string[]): readonly string[] {
  const key = JSON.stringify(values)
  const known = lists.get(key)
  if (known !== undefined) return known
  const list = Object.freeze([...values])
  if (lists.size < CAPACITY) lists.set(key, list)
  return list
}
