// One job in a process of its own, whose memory is its alone: node job.ts <job> <url of the database> <plan as JSON>
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { authRouter } from '@latchkey/express-adapter'
import { sqlStore } from '@latchkey/sql-store'
import express from 'express'
import * as z from 'zod'
import { createBenchAuth, PASSWORD } from '../accounts.ts'
import { csvFile, type FilePlan } from './rows.ts'

const [job = '', url = '', plan = '{}'] = process.argv.slice(2)
const file: FilePlan = JSON.parse(plan)
const store = sqlStore({ url })
const auth = createBenchAuth({
  store,
  identifiers: ['email', 'username'],
  optionalIdentifiers: ['username'],
  profile: z.object({ name: z.string(), locale: z.string() }).catchall(z.json()),
})

type Job = () => Promise<number>

/** Each resolves how many accounts it was about. */
const jobs: Readonly<Record<string, Job>> = {
  import: async () => (await importFile({})).created,
  'import again': async () => (await importFile({})).skipped,
  'import to update': async () => (await importFile({ ifExists: 'update' })).skipped,
  'dry run': async () => (await importFile({ dryRun: true })).rows,
  'export csv': () => linesOf('csv'),
  'export ndjson': () => linesOf('ndjson'),
  upload,
}

function importFile(rules: object) {
  return auth.importUsers('system', csvFile(file), { format: 'csv', ...rules })
}

async function linesOf(format: 'csv' | 'ndjson'): Promise<number> {
  let lines = 0
  for await (const chunk of auth.exportUsers('system', { format })) {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
  }
  return format === 'csv' ? lines - 1 : lines
}

/** Over HTTP, from a client in another process. */
async function upload(): Promise<number> {
  const email = 'root@example.org'
  await auth.createUser({
    email,
    password: PASSWORD,
    roles: ['admin'],
    profile: { name: 'Root', locale: 'en' },
  })
  const { accessToken } = await auth.login({ identifier: email, password: PASSWORD })
  // An Express app is a request listener; its types do not say so.
  const server = createServer(express().use(authRouter(auth)) as RequestListener)
  server.requestTimeout = 0 // by default Node gives up after five minutes
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  process.send?.({ url: `http://127.0.0.1:${port}/users/import`, accessToken })
  const [rows] = await once(process, 'message')
  server.close()
  server.closeAllConnections()
  return rows
}

const run = jobs[job]
if (run === undefined) throw new Error(`There is no job "${job}".`)
const before = process.memoryUsage.rss() / 1e6
let peak = before
// What the system tells of the most counts the process that this one was forked from.
const watching = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss() / 1e6)
}, 10)
const start = performance.now()
const accounts = await run()
const seconds = (performance.now() - start) / 1000
clearInterval(watching)
await auth.close()
await store.close()
process.send?.({ accounts, seconds, before, peak })
process.disconnect?.()
