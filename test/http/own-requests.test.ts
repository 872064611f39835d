import { getRequestListener } from '@hono/node-server'
import type { Auth } from '@latchkey/core'
import * as fetchHost from '@latchkey/core/fetch'
import * as express from '@latchkey/express-adapter'
import * as koa from '@latchkey/koa-adapter'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpClient } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, setUp } from '../support/setup.ts'

const onExpress = (framework: typeof express5) => (auth: Auth) => {
  const app = framework()
  app.set('trust proxy', true) // is another's affair
  app.get('/client', (request, response) => void response.json(express.clientOf(auth, request)))
  app.post('/logout', (request, response, next) => {
    const logout = async () => auth.logout(express.bearerToken(request))
    logout().then(() => response.status(204).end(), next)
  })
  return app.use(express.authErrors(auth))
}

const onKoa = (framework: typeof Koa3) => (auth: Auth) => {
  const app = new framework({ proxy: true })
  app.use(koa.authErrors(auth))
  app.use(async (ctx) => {
    if (ctx.method === 'GET') {
      ctx.body = koa.clientOf(auth, ctx)
      return
    }
    await auth.logout(koa.bearerToken(ctx))
    ctx.status = 204
  })
  return app.callback()
}

const onFetch = (auth: Auth) =>
  getRequestListener(async (request, { incoming }) => {
    if (request.method === 'GET') {
      return Response.json(fetchHost.clientOf(auth, request, { ip: incoming.socket.remoteAddress }))
    }
    try {
      await auth.logout(fetchHost.bearerToken(request))
      return new Response(null, { status: 204 })
    } catch (error) {
      const reply = auth.problem(error, { catchAll: true })
      return new Response(reply?.body ?? '', reply ?? { status: 500 })
    }
  })

const hosts = {
  'Express 5': onExpress(express5),
  'Express 4': onExpress(express4),
  'Koa 3': onKoa(Koa3),
  'Koa 2': onKoa(Koa2),
  Fetch: onFetch,
}

for (const [name, listener] of Object.entries(hosts)) {
  async function prepare(trustProxy?: readonly string[]) {
    const setup = setUp(trustProxy && { trustProxy })
    const host = await serve(listener(setup.auth))
    onTestFinished(host.close)
    return { setup, host, client: httpClient(host.url) }
  }

  describe(`a route of one's own on ${name}`, () => {
    const headers = { 'x-forwarded-for': '192.0.2.7', 'user-agent': 'a browser' }

    it('S030 knows who asks by the socket, whatever the settings of the framework', async () => {
      const { client } = await prepare()
      const { body } = await client.send('GET', '/client', { headers })
      expect(body).toEqual({ ip: '127.0.0.1', userAgent: 'a browser' })
    })

    it('S030 heeds the option trustProxy', async () => {
      const { client } = await prepare(['127.0.0.1'])
      const { body } = await client.send('GET', '/client', { headers })
      expect(body).toEqual({ ip: '192.0.2.7', userAgent: 'a browser' })
    })

    it('S050 reads a bearer token as strictly as a guard', async () => {
      const { host, client } = await prepare()
      expectProblem(await client.post('/logout'), 401, 'unauthenticated')
      for (const authorization of ['Bearer', 'Basic YTpi', 'x.y.z', 'Bearer a b']) {
        const answer = await client.send('POST', '/logout', { headers: { authorization } })
        expectProblem(answer, 401, 'invalid_token')
      }
      const twice = ['authorization: Bearer a', 'authorization: Bearer b', 'content-length: 0']
      const answer = await sendRaw(host.url, requestHead('POST /logout', ...twice))
      expect(answer).toMatchObject({
        status: 400,
        body: expect.stringContaining('invalid_request'),
      })
    })

    it('ends a session by either token', async () => {
      const { setup, client } = await prepare()
      for (const kind of ['accessToken', 'refreshToken'] as const) {
        const { session } = await accountOf(setup, `${kind.toLowerCase()}@example.com`)
        const headers = { authorization: `Bearer ${session[kind]}` }
        expect((await client.send('POST', '/logout', { headers })).status).toBe(204)
        await expect(setup.auth.authenticate(session.accessToken)).rejects.toMatchObject({
          code: 'invalid_token',
        })
      }
    })
  })
}
