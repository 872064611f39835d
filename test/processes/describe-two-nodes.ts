import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest'
import { kinds, type Migrated, migrated } from '../../packages/sql-store/test/support/databases.ts'
import { PASSWORD, tokenIn } from '../support/setup.ts'
import { startTwoNodes, type TwoNodes } from './two-nodes.ts'

/** Two processes, and the database that they share. */
export interface Scene extends TwoNodes {
  readonly query: Migrated['query']
}

/** An account that is logged in. */
export interface Account {
  readonly userId: string
  readonly email: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** A suite on every kind of database; in none of its cases does a store give up. */
export function describeTwoNodes(name: string, body: (scene: () => Scene) => void): void {
  for (const kind of kinds) {
    describe.skipIf(!kind.available)(`${name}, in two processes on ${kind.name}`, () => {
      let scene: Scene
      let drop: () => Promise<void>

      beforeAll(async () => {
        const database = await migrated(kind)
        drop = database.drop
        scene = { ...(await startTwoNodes(database.url)), query: database.query }
      })
      afterAll(async () => {
        await scene?.stop()
        await drop?.()
      })
      afterEach(() => {
        expect(scene.failures.filter((failure) => failure.includes('SqlStoreError'))).toEqual([])
      })

      body(() => scene)
    })
  }
}

/** Makes an account on one of the processes and logs it in on the other. */
export async function accountOf({ call }: Scene, email: string): Promise<Account> {
  await call(0, 'createUser', { email, password: PASSWORD })
  const { value } = await call(1, 'login', { identifier: email, password: PASSWORD })
  return { ...value, userId: value.user.id, email }
}

/** Asks for a password reset, and resolves the secrets of its message. */
export async function resetOf({ call, outbox }: Scene, email: string) {
  await call(0, 'forgotPassword', { identifier: email })
  const { link, code = '' } = await outbox.next('reset_password', email)
  return { token: tokenIn(link), code }
}

/** Says on each process that neither of the tokens is good for anything. */
export async function expectOver(
  { call }: Scene,
  tokens: { accessToken: string; refreshToken: string },
) {
  const { accessToken, refreshToken } = tokens
  for (const side of [0, 1] as const) {
    expect((await call(side, 'authenticate', { accessToken })).code).toBe('invalid_token')
    expect((await call(side, 'refresh', { refreshToken })).code).toBe('invalid_token')
  }
}
