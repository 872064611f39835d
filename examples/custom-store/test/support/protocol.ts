/** A verb of the store, such as `users.insert`, and what it is given. */
export interface Call {
  readonly verb: string
  readonly input: readonly unknown[]
}

/** Begins all calls at that instant, in milliseconds since 1970. */
export interface Order {
  readonly at: number
  readonly calls: readonly Call[]
}
