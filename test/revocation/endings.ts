import { expect } from 'vitest'
import { PASSWORD } from '../support/setup.ts'
import type { NodeProcess } from './nodes.ts'

/** A session that somebody is going to end. */
export interface Victim {
  readonly userId: string
  readonly email: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** Where a session is ended, and who may do it. */
interface Scene {
  readonly node: NodeProcess
  /** The access token of an administrator. */
  readonly administrator: string
}

type Ending = (scene: Scene, victim: Victim) => Promise<void>

/** Every way in which an access token comes to its end before its time. */
export const endings: Readonly<Record<string, Ending>> = {
  'a logout': (scene, { refreshToken }) =>
    scene.node.post('/auth/logout', { refreshToken }).then(done),
  'a revocation': (scene, { accessToken }) =>
    scene.node.post('/auth/revoke', { token: accessToken }).then(done),
  'its end by hand': (scene, { sessionId, accessToken }) =>
    scene.node.delete(`/auth/sessions/${sessionId}`, accessToken).then(done),
  async 'the end of all others'(scene, { email }) {
    const other = await loginOf(scene.node, email)
    await scene.node.delete('/auth/sessions', other.accessToken).then(done)
  },
  'a change of the password': (scene, { accessToken }) =>
    scene.node
      .post(
        '/auth/password/change',
        { currentPassword: PASSWORD, newPassword: 'another horse battery' },
        accessToken,
      )
      .then(done),
  async 'a reset of the password'({ node }, { email }) {
    const token = node.tokenOf('reset_password', email)
    await node.post('/auth/password/forgot', { identifier: email }).then(done)
    const reset = { token: await token, newPassword: 'another horse battery' }
    await node.post('/auth/password/reset', reset).then(done)
  },
  'a disabling': (scene, { userId }) =>
    scene.node.post(`/auth/users/${userId}/disable`, {}, scene.administrator).then(done),
  'a change of roles': (scene, { userId }) =>
    scene.node
      .json('PUT', `/auth/users/${userId}/roles`, { roles: ['staff'] }, scene.administrator)
      .then(done),
  'a deletion': (scene, { userId }) =>
    scene.node.delete(`/auth/users/${userId}`, scene.administrator).then(done),
}

function done({ status, text }: { readonly status: number; readonly text: string }): void {
  expect(status, text).toBeLessThan(300)
}

/** Logs somebody in. */
export async function loginOf(node: NodeProcess, email: string): Promise<Victim> {
  const { body, text } = await node.post('/auth/login', { identifier: email, password: PASSWORD })
  expect(body.accessToken, text).toBeDefined()
  return { ...body, userId: body.user.id, email }
}
