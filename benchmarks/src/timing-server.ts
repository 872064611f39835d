// A server in a process of its own, with so many accounts of each kind: node timing-server.ts 100
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthOptions } from '@latchkey/core'
import { createAuth } from '@latchkey/core'
import { authRouter } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express from 'express'
import { benchOptions, PASSWORD } from './accounts.ts'
import { makeAccounts } from './timing/accounts.ts'

const UNLIMITED = { points: 1_000_000 }

/** As for anybody, but that one address may ask so often. */
const rules = {
  requests: UNLIMITED,
  loginsFromAddress: UNLIMITED,
  registrations: UNLIMITED,
  messages: UNLIMITED,
  messagesFromAddress: UNLIMITED,
  messagesOfAccount: UNLIMITED,
} satisfies NonNullable<AuthOptions['limits']>['rules']

const store = memoryStore()
const { passwords: _weak, ...options } = benchOptions({ store, limits: { rules } })
const auth = createAuth({ ...options, mailer: () => {} })
await makeAccounts(auth, store, Number(process.argv[2]))
await auth.createUser({ email: 'asker@example.com', password: PASSWORD })
const { accessToken } = await auth.login({ identifier: 'asker@example.com', password: PASSWORD })

const app = express()
app.use(authRouter(auth))
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ port, accessToken })
})
process.on('disconnect', () => process.exit())
