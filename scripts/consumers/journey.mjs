import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Nothing here takes a second on an idle machine.
const PATIENCE = 30_000

const OWNER = { email: 'ada@example.com', password: 'correct horse battery' }

/** Starts the app, and walks from registering to being refused after logging out, over HTTP. */
export async function journey(file, { node = process.execPath, folder }) {
  const port = await freePort()
  const app = start(node, file, folder, port)
  try {
    await Promise.race([app.ended, walk(`http://localhost:${port}`, app)])
  } catch (error) {
    throw new Error(`${error.message}\n${app.output()}`)
  } finally {
    await app.stop()
  }
}

async function walk(origin, app) {
  const { email, password } = OWNER
  await whenListening(() => post(`${origin}/auth/register`, OWNER, 202))
  const code = await app.printed(/code: (\d{6})/)
  await post(`${origin}/auth/activate`, { identifier: email, code }, 200)
  const tokens = await post(`${origin}/auth/login`, { identifier: email, password }, 200)

  const hello = (status) => request(`${origin}/hello`, bearer(tokens.accessToken), status)
  assert.deepEqual(await hello(200), { hello: email })
  await request(`${origin}/auth/logout`, { method: 'POST', ...bearer(tokens.refreshToken) }, 204)
  assert.equal((await hello(401)).code, 'invalid_token')
}

function post(url, body, status) {
  const headers = { 'content-type': 'application/json' }
  return request(url, { method: 'POST', headers, body: JSON.stringify(body) }, status)
}

async function request(url, options, status) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE) })
  const body = await response.text()
  assert.equal(response.status, status, `${url} answered ${response.status}: ${body}`)
  return body === '' ? null : JSON.parse(body)
}

function bearer(token) {
  return { headers: { authorization: `Bearer ${token}` } }
}

async function whenListening(call) {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (error.cause?.code !== 'ECONNREFUSED' || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function start(node, file, folder, port) {
  const env = {
    ...process.env,
    PORT: String(port),
    AUTH_SECRET: 'consumer-0123456789-abcdefghijklmnop',
    DATABASE_URL: 'sqlite::memory:',
  }
  const child = spawn(node, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const closed = once(child, 'close')
  return {
    output: () => output,
    printed: (pattern) => printed(child.stdout, pattern, () => output),
    ended: closed.then(([status]) => {
      throw new Error(`${file} ended with exit status ${status}`)
    }),
    stop: () => child.kill() && closed,
  }
}

async function printed(stream, pattern, output) {
  const signal = AbortSignal.timeout(PATIENCE)
  while (!pattern.test(output())) await once(stream, 'data', { signal })
  return pattern.exec(output())[1]
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
