import {
  AuthError,
  type AuthOptions,
  createAuth,
  type ShownTokens,
  type Store,
} from '@latchkey/core'
import { createOutbox, weakPasswords } from '@latchkey/core/testing'

/** An operation that has ended, as whoever asked for it was told. */
export type Acknowledgement =
  | { readonly type: 'registered'; readonly token: string }
  | { readonly type: 'refreshed'; readonly lane: number; readonly tokens: ShownTokens }
  | { readonly type: 'ended'; readonly tokens: ShownTokens }
  /** It could not be done now. */
  | { readonly type: 'refused' }

const LANES = [0, 1, 2, 3, 4, 5]
const PASSWORD = 'correct horse battery'

/** The options of whoever makes the load, and of whoever looks at what is left of it. */
export const LOAD_OPTIONS = {
  secret: 'a-secret-for-tests-0123456789-abcdefghijk',
  origin: 'https://app.example',
  passwords: weakPasswords,
  maintenance: false,
} satisfies Partial<AuthOptions>

/**
 * Registers addresses, refreshes sessions and ends others, many at once, until `goesOn` says no. Each operation is
 * acknowledged before the next in its lane begins.
 */
export async function work(
  store: Store,
  acknowledge: (acknowledgement: Acknowledgement) => void,
  goesOn: () => boolean = () => true,
): Promise<void> {
  const outbox = createOutbox()
  const auth = createAuth({ ...LOAD_OPTIONS, store, mailer: outbox.send, onError: () => {} })

  async function runLane(lane: number): Promise<void> {
    const credentials = { identifier: `lane-${lane}@example.com`, password: PASSWORD }
    await auth.createUser({ email: credentials.identifier, password: PASSWORD })
    let { refreshToken } = await auth.login(credentials)
    for (let round = 0; goesOn(); round += 1) {
      const email = `${lane}-${round}@example.com`
      const done = await settled(async () => {
        const tokens = await auth.refresh({ refreshToken })
        refreshToken = tokens.refreshToken
        acknowledge({ type: 'refreshed', lane, tokens })
        await auth.register({ email, password: PASSWORD })
        const { link = '' } = await outbox.next('activate', email)
        acknowledge({ type: 'registered', token: link.split('token=')[1] ?? '' })
        const other = await auth.login(credentials)
        await auth.logout(other.refreshToken)
        acknowledge({ type: 'ended', tokens: other })
      })
      if (!done) acknowledge({ type: 'refused' })
    }
  }

  await Promise.all(LANES.map(runLane))
  await auth.close()
}

/** Whether the store did all of it. */
async function settled(steps: () => Promise<void>): Promise<boolean> {
  try {
    await steps()
    return true
  } catch (error) {
    if (error instanceof AuthError && error.code === 'unavailable') return false
    throw error
  }
}
