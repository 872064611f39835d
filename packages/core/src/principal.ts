/** Who makes a request, as its access token says. Every self-service flow takes its subject from here (S088). */
export interface Principal {
  readonly user: {
    readonly id: string
    readonly roles: readonly string[]
  }
  readonly session: {
    readonly id: string
    /** When the user last proved who they are. */
    readonly authTime: Date
    /** How they did, RFC 8176. */
    readonly amr: readonly string[]
  }
}
