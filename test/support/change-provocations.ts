import { changeUser } from './changes.ts'
import { ADA, BOB, type Provocation, type Provocations, type Scene } from './provocation.ts'
import { PASSWORD, tokenIn } from './setup.ts'

const currentPassword = PASSWORD
const PHONE = '+14155552671'

/** Whoever acts in the name of somebody else. */
const acting: Provocation = {
  options: { impersonation: true },
  async provoke({ setup, accessToken, send }) {
    const { auth } = setup
    const bob = await auth.createUser(BOB)
    const session = await auth.impersonate(await auth.authenticate(accessToken), bob.id)
    return send({ authorization: `Bearer ${session.accessToken}` })
  },
}

/** Whoever has no password to give, and logged in a while ago. */
const old: Provocation = {
  async provoke({ setup, userId, refreshToken, send }) {
    await changeUser(setup, userId, () => ({ passwordHash: null }))
    setup.clock.advance(16 * 60)
    const { accessToken } = await setup.auth.refresh({ refreshToken })
    return send({ authorization: `Bearer ${accessToken}` })
  },
}

const proof: Provocations = { forbidden: acting, reauth_required: old }

/** Asks for another address of the account, and resolves what is sent to it. */
async function askFor({ setup, accessToken }: Scene, email: string): Promise<string> {
  const principal = await setup.auth.authenticate(accessToken)
  await setup.auth.changeEmail(principal, { email, currentPassword })
  return tokenIn((await setup.outbox.next('change_email', email)).link)
}

/** The token by which the old address can undo a change. */
async function leave(scene: Scene): Promise<string> {
  const { setup, userId, accessToken } = scene
  const now = setup.clock.now()
  await changeUser(setup, userId, () => ({ emailVerifiedAt: now }))
  const token = await askFor(scene, 'new@example.org')
  await setup.auth.confirmEmail(await setup.auth.authenticate(accessToken), { token })
  return tokenIn((await setup.outbox.next('email_changed', ADA.email)).link)
}

/** By operation: where a refusal of the own account is had otherwise than elsewhere. */
export const changeProvocations: Readonly<Record<string, Provocations>> = {
  changePassword: proof,
  endOtherSessions: { forbidden: acting },
  endSession: { forbidden: acting },
  changeEmail: proof,
  confirmEmail: {
    forbidden: acting,
    email_taken: {
      async provoke(scene) {
        await scene.setup.auth.createUser(BOB)
        return scene.send({ body: { token: await askFor(scene, BOB.email) } })
      },
    },
  },
  undoEmailChange: {
    email_taken: {
      async provoke(scene) {
        const token = await leave(scene)
        await scene.setup.auth.createUser({ ...BOB, email: ADA.email })
        return scene.send({ body: { token } })
      },
    },
  },
  changePhone: proof,
  confirmPhone: {
    forbidden: acting,
    invalid_one_time_token: { provoke: ({ send }) => send() },
    phone_taken: {
      async provoke({ setup, accessToken, send }) {
        await setup.auth.createUser({ ...BOB, phone: PHONE })
        const principal = await setup.auth.authenticate(accessToken)
        await setup.auth.changePhone(principal, { phone: PHONE, currentPassword })
        const { code } = await setup.outbox.next('change_phone', PHONE)
        return send({ body: { code } })
      },
    },
  },
  updateMe: {
    ...proof,
    username_taken: {
      async provoke({ setup, send }) {
        await setup.auth.createUser(BOB)
        return send({ body: { username: BOB.username, currentPassword } })
      },
    },
  },
  deleteMe: {
    ...proof,
    last_administrator: { provoke: ({ send }) => send({ body: { currentPassword } }) },
  },
}
