/** How a node is started. */
export interface NodeSettings {
  readonly url: string
  readonly push: 'postgres' | 'redis' | null
  /** Where the Redis is that pushes. */
  readonly redisUrl?: string
  /** By so many seconds its clock runs ahead. */
  readonly ahead: number
}

/** What the test says to a node. */
export type NodeOrder =
  /** Does nothing but this for so many milliseconds. */
  | { readonly type: 'block'; readonly milliseconds: number }
  /** Its clock is so many seconds later at once. */
  | { readonly type: 'advance'; readonly seconds: number }

/** What a node says. */
export type NodeReport =
  | { readonly type: 'ready'; readonly origin: string }
  | { readonly type: 'message'; readonly kind: string; readonly to: string; readonly link: string }
  /** What its `onError` is told. */
  | { readonly type: 'failure'; readonly what: string }
