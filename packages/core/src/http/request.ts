/** A request as plain data: what an adapter translates into. */
export interface PlainRequest {
  /** In capitals. */
  readonly method: string
  /** The path below the mount point, still percent-encoded, without the query: `/login`. */
  readonly path: string
  /** Every value of a header, in order; the name is in lower case. */
  headers(name: string): readonly string[]
  /** The bytes as they come, or what the host has parsed already, or nothing. */
  readonly body: RequestBody
  /** The address of the peer. */
  readonly ip: string | null
}

/** The body of a request: not read yet, already parsed by the host, or absent. */
export type RequestBody =
  | { readonly kind: 'unread'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly kind: 'parsed'; readonly value: unknown }

/** An answer as plain data. */
export interface Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The text of the body; empty for none. */
  readonly body: string
}
