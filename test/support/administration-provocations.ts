import { changeUser } from './changes.ts'
import { BOB, type Provocation, type Provocations } from './provocation.ts'
import { type Setup, tokenIn } from './setup.ts'

const PHONE = '+14155552671'
const NOBODY = '0190a5f2-0000-7000-8000-000000000000'

/** The id of somebody else, with every identifier. */
async function bob({ auth }: Setup): Promise<string> {
  return (await auth.createUser({ ...BOB, phone: PHONE })).id
}

/** The id of an account that waits, and that nothing reaches. */
async function nameless(setup: Setup): Promise<string> {
  const { id } = await setup.auth.inviteUser('system', { email: 'nameless@example.com' })
  await changeUser(setup, id, () => ({ email: null, emailAsTyped: null }))
  return id
}

/** Bob's identifier in the body, for an account that is not his. */
function taken(member: object): Provocation {
  return {
    async provoke({ setup, userId, body, send }) {
      await bob(setup)
      return send({ id: userId, body: { ...body, ...member } })
    },
  }
}

/** The codes of each kind of identifier. */
const allTaken: Provocations = {
  email_taken: taken({ email: BOB.email }),
  username_taken: taken({ username: BOB.username }),
  phone_taken: taken({ phone: PHONE }),
}

const unknownId: Provocation = { provoke: ({ send }) => send({ id: NOBODY }) }
const waits: Provocation = {
  provoke: async ({ setup, send }) => send({ id: await nameless(setup) }),
}
const oneself: Provocation = { provoke: ({ userId, send }) => send({ id: userId }) }

const ofOne: Provocations = {
  not_found: unknownId,
  wrong_status: waits,
  last_administrator: oneself,
}

/** By operation: where a refusal of administrators is had otherwise than elsewhere. */
export const administrationProvocations: Readonly<Record<string, Provocations>> = {
  inviteUser: allTaken,
  updateUser: { ...ofOne, ...allTaken },
  readUser: ofOne,
  deleteUser: ofOne,
  setRoles: ofOne,
  disableUser: ofOne,
  enableUser: ofOne,
  sendPasswordReset: ofOne,
  resendInvitation: ofOne,
  listUserSessions: ofOne,
  endUserSessions: ofOne,
  impersonate: ofOne,
  acceptInvitation: {
    username_taken: {
      async provoke({ setup, body, send }) {
        await bob(setup)
        return send({ body: { ...body, username: BOB.username } })
      },
    },
  },
}

/** The token of an invitation that waits to be accepted. */
export async function invitation({ auth, outbox }: Setup): Promise<string> {
  const email = 'invited@example.com'
  await auth.inviteUser('system', { email })
  return tokenIn((await outbox.next('invitation', email)).link)
}
