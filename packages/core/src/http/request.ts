/** A request without its body: what a guard looks at. */
export interface RequestHead {
  /** In capitals. */
  readonly method: string
  /** The path below the mount point, still percent-encoded, without the query: `/login`. */
  readonly path: string
  /**
   * The value of a header, `null` when there is none; the name is in lower case. What stands there more than once is
   * joined by `, ` (RFC 9110, section 5.3); `cookie` by `; ` (RFC 9113, section 8.2.3).
   */
  header(name: string): string | null
  /** The address of the socket's peer. What proxies say besides is read by the option `trustProxy`. */
  readonly ip: string | null
}

/** A request as plain data: what an adapter translates into. */
export interface PlainRequest extends RequestHead {
  /** What follows the first `?` of the target, still percent-encoded; `''` when there is none. */
  readonly query: string
  /** The bytes as they come, or what the host has parsed already, or `null` when the request announces no body. */
  readonly body: RequestBody | null
}

/** The body of a request: not read yet, or already parsed by the host; `undefined` when it has read it and left nothing. */
export type RequestBody =
  | { readonly kind: 'unread'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly kind: 'parsed'; readonly value: unknown }

/** An answer as plain data. */
export interface Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The values of `set-cookie`, each to be sent in a line of its own: they cannot be joined (RFC 9110, section 5.3). */
  readonly setCookies: readonly string[]
  /** The text of the body, empty for none; or its bytes, as they are made. */
  readonly body: string | AsyncIterable<Uint8Array>
}

/** An answer whose body is text: every one to a refusal. */
export interface TextReply extends Reply {
  readonly body: string
}
