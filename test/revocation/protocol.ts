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
  { readonly type: 'block'; readonly milliseconds: number }

/** What a node says. */
export type NodeReport =
  | { readonly type: 'ready'; readonly origin: string }
  | { readonly type: 'message'; readonly kind: string; readonly to: string; readonly link: string }
