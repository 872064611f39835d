// A server in a process of its own: node route-server.ts bare|guarded
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requireAuth } from '@latchkey/express-adapter'
import express from 'express'
import { createBenchAuth, logInMany } from './accounts.ts'

const TOKENS = 1_000

const isGuarded = process.argv[2] === 'guarded'
const auth = createBenchAuth()
const logins = isGuarded ? await logInMany(auth, TOKENS) : []
const guards = isGuarded ? [requireAuth(auth)] : []

const app = express()
app.get('/protected', ...guards, (_request, response) => {
  response.json({ invoices: [] })
})

const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const tokens = logins.map(({ accessToken }) => accessToken)
  process.send?.({ url: `http://127.0.0.1:${port}/protected`, tokens })
})

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicroseconds: user + system })
})
process.on('disconnect', () => process.exit())
