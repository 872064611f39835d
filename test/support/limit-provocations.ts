import type { Provocation, Provocations, Scene, Sent } from './provocation.ts'

// Whatever is counted, the second time is too often.
const ONCE = { points: 1 }
const limits = {
  rules: { requests: ONCE, passwordProofs: ONCE, codes: ONCE, messages: ONCE },
}

/** Too many attempts: at a route for everybody any two, at one's own two wrong proofs. */
export const tooOften: Provocation = {
  options: { limits },
  async provoke(scene) {
    const guess = scene.isOwn ? guessIn(scene) : {}
    await scene.send(guess)
    return scene.send(guess)
  },
}

function guessIn({ operation, body }: Scene): Partial<Sent> {
  if (operation.path.endsWith('/confirm')) return { body: { code: '12345678' } }
  return { body: { ...body, currentPassword: 'another one' } }
}

/** Two messages to somebody else. */
function messages(idOf: (scene: Scene) => Promise<string>): Provocations {
  return {
    rate_limited: {
      options: { limits },
      async provoke(scene) {
        const id = await idOf(scene)
        await scene.send({ id })
        return scene.send({ id })
      },
    },
  }
}

/** By operation: where it takes something else. */
export const limitProvocations: Readonly<Record<string, Provocations>> = {
  sendPasswordReset: messages(async ({ setup }) => {
    const { id } = await setup.auth.createUser({
      email: 'carol@example.com',
      password: 'correct horse battery',
    })
    return id
  }),
  resendInvitation: messages(async ({ setup }) => {
    const { id } = await setup.auth.inviteUser('system', { email: 'carol@example.com' })
    return id
  }),
}
