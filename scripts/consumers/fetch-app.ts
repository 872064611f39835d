import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createAuth } from '@latchkey/core'
import { fetchGuard, fetchHandler } from '@latchkey/core/fetch'
import { memoryStore } from '@latchkey/memory-store'

const port = process.env.PORT ?? 3000

const auth = createAuth({
  secret: process.env.AUTH_SECRET,
  store: memoryStore(),
  origin: `http://localhost:${port}`,
  mailer: (message) => console.log(message.text),
})
const handle = fetchHandler(auth, { prefix: '/auth' })
const guard = fetchGuard(auth)

async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== '/hello') return handle(request)
  const admission = await guard(request)
  if (!admission.admitted) return admission.response
  if (admission.principal === null) return new Response(null, { status: 401 })
  const user = await auth.loadUser(admission.principal)
  return Response.json({ hello: user.email })
}

// The least that brings a request of Node to a handler of the Fetch API.
const server = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url ?? '/', `http://localhost:${port}`)
  const { method = 'GET', headers } = incoming
  const body = method === 'GET' ? null : await buffer(incoming)
  const response = await answer(new Request(url, { method, headers: plain(headers), body }))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(await response.text())
})
server.listen(port)

function plain(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return Object.fromEntries(entries)
}
