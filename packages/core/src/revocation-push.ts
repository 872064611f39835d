/**
 * Carries the word that something was revoked to all nodes, and nothing else: each of them then asks the store. It only
 * shortens the wait, and may lose any of its words.
 */
export interface RevocationPush {
  /** Tells every node that listens. */
  announce(): Promise<unknown>
  /**
   * Calls `wake` when any node has announced something, and whenever it may have missed one. Connects anew by itself,
   * and tells `failed` of what went wrong. Call what comes back to end it. It must not keep the process alive.
   */
  listen(wake: () => void, failed: (error: unknown) => void): () => Promise<unknown>
}
