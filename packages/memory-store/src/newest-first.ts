interface Dated {
  readonly id: string
  readonly createdAt: Date
}

/** Sorts by creation, then by id, the latest first. */
export function newestFirst(a: Dated, b: Dated): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1)
}
