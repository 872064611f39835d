import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { loginAgain } from '../support/changes.ts'
import { plainHosts } from '../support/hosts.ts'
import { everyRoute, routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
import { accountOf } from '../support/setup.ts'

/** A server of somebody else's, which nobody here has a reason to call. */
async function canary(): Promise<{ readonly authority: string; calls(): number }> {
  let calls = 0
  const listener = createServer((_request, response) => response.end('{"keys":[]}'))
  listener.on('connection', () => {
    calls += 1
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void listener.close())
  const { port } = listener.address() as AddressInfo
  return { authority: `127.0.0.1:${port}`, calls: () => calls }
}

/** The ports that this process connects to, and the hosts, from now on. */
function connections(): ReadonlySet<string> {
  const seen = new Set<string>()
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.on('connectionAttempt', (ip: string, port: number) => seen.add(`${ip}:${port}`))
    socket.on('lookup', (_error, _address, _family, host: string) => seen.add(host))
  }
  subscribe('net.client.socket', watch)
  onTestFinished(() => void unsubscribe('net.client.socket', watch))
  return seen
}

const [host] = plainHosts

it('S105 no address in a request is ever called', { timeout: 60_000 }, async () => {
  if (host === undefined) throw new Error('there is no host')
  const setup = await host.setUp(everyRoute)
  await accountOf(setup)
  const { accessToken } = await loginAgain(setup)
  const client = await host.serve(setup.auth)
  const { authority, calls } = await canary()
  const seen = connections()
  const url = `http://${authority}/`
  const bait = [url, `//${authority}`, `ada@${authority}`, `ada@[${authority}]`, `<img src=${url}>`]
  for (const { method, at, own, body } of routeBodies) {
    for (const path of stringMembers(body)) {
      for (const value of bait) {
        await client.json(method, at, withMember(body, path, value), own && accessToken)
      }
    }
  }
  const names = ['origin', 'referer', 'x-forwarded-host', 'x-forwarded-for', 'forwarded', 'via']
  const more = ['user-agent', 'link', 'x-original-url', 'x-rewrite-url', 'x-wap-profile', 'from']
  const headers = Object.fromEntries([...names, ...more].map((name) => [name, url]))
  for (const { method, path } of routes) {
    const target = `${path.replace(':id', 'some-id')}?search=${encodeURIComponent(url)}&next=${url}`
    const authorization = `Bearer ${accessToken}`
    await client.send(method, target, { headers: { ...headers, authorization } })
  }
  await setup.auth.close()
  // Where our own client goes, and databases of the tests before.
  const isHere = (place: string) => /^(?:127\.0\.0\.1:|::1:|localhost$)/.test(place)
  expect([...seen].filter((place) => !isHere(place) || place === authority)).toEqual([])
  expect(calls()).toBe(0)
  await fetch(url)
  expect(calls()).toBe(1)
  expect([...seen]).toContain(authority)
})
