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

/** What a flow of the own account was given. Rejects with `TypeError` what is no principal: a slip in the caller's code. */
export function checkPrincipal(where: string, value: Principal): Principal {
  const given: Partial<Principal> | null = Object(value)
  if (given?.user?.id !== undefined && given.session?.id !== undefined) return value
  throw new TypeError(`${where}: the first argument must be what authenticate() resolved`)
}
