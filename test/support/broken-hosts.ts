import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Auth, PlainRequest, Reply } from '@latchkey/core'
import { plainRequest, sendReply } from '@latchkey/core/node'
import type { HostUnderTest } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { serve } from './running-host.ts'

/** What an adapter does, step by step, so that one step can be done wrong. */
interface Steps {
  translate(request: IncomingMessage, url: string): PlainRequest | Promise<PlainRequest>
  answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void
  /** Whether the guard lets the request in. */
  admits(auth: Auth, request: PlainRequest, response: ServerResponse): Promise<Reply | null>
}

const sound: Steps = {
  translate: (request, url) => plainRequest(request, { url }),
  answer: sendReply,
  async admits(auth, request, response) {
    const admission = await auth.guard()(request)
    if (!admission.admitted) return admission.reply
    response.setHeader('set-cookie', [...admission.setCookies])
    return null
  },
}

/** An adapter of twenty lines, with `/auth` and `/guarded`. */
function hostOf(steps: Steps): HostUnderTest {
  return {
    makeStore: memoryStore,
    async serve(auth) {
      const { url, close } = await serve(
        async (request: IncomingMessage, response: ServerResponse) => {
          const below = (request.url ?? '').replace(/^http:\/\/[^/]*/, '')
          const isOurs = below.startsWith('/auth/')
          const plain = await steps.translate(request, isOurs ? below.slice(5) : below)
          const reply = isOurs
            ? await auth.handle(plain)
            : await steps.admits(auth, plain, response)
          if (reply !== null) steps.answer(request, response, reply)
          else response.writeHead(isOurs ? 404 : 200).end('of the application')
        },
      )
      return { url: `${url}/auth`, guardedUrl: `${url}/guarded`, close }
    },
  }
}

export const soundHost = hostOf(sound)

interface BrokenHost {
  /** It would be sound, but it … */
  readonly fault: string
  /** The case that says so. */
  readonly guarantee: string
  readonly host: HostUnderTest
}

function broken(fault: string, guarantee: string, steps: Partial<Steps>): BrokenHost {
  return { fault, guarantee, host: hostOf({ ...sound, ...steps }) }
}

/** Changes the request that the steps would have made. */
function changing(
  change: (plain: PlainRequest, request: IncomingMessage) => Partial<PlainRequest>,
) {
  return (request: IncomingMessage, url: string) => {
    const plain = plainRequest(request, { url })
    return { ...plain, ...change(plain, request) }
  }
}

function withHeaders(change: (headers: Record<string, string>) => Record<string, string>) {
  return (request: IncomingMessage, response: ServerResponse, reply: Reply) =>
    sendReply(request, response, { ...reply, headers: change({ ...reply.headers }) })
}

/** One for each thing that adapters get wrong. */
export const brokenHosts: readonly BrokenHost[] = [
  broken('takes the first of two credentials', 'S050 are refused when there are two', {
    translate: changing((_plain, { headers }) => ({
      header: (name) => (headers[name] as string) ?? null,
    })),
  }),
  broken(
    'believes who says where a request comes from',
    'S030 are told with the address of the peer, whatever was forwarded',
    {
      translate: changing(({ ip }, { headers }) => ({
        ip: String(headers['x-forwarded-for'] ?? ip),
      })),
    },
  ),
  broken(
    'joins cookies into one line',
    'S067 S068 are set in a line each, and tokens stand nowhere else',
    {
      answer: (request, response, reply) =>
        sendReply(request, response, { ...reply, setCookies: [reply.setCookies.join(', ')] }),
    },
  ),
  broken(
    'forgets the cookies that a guard brings',
    'are renewed by a guard and by our routes, and set beside the answer',
    {
      async admits(auth, request) {
        const admission = await auth.guard()(request)
        return admission.admitted ? null : admission.reply
      },
    },
  ),
  broken(
    'knows the first line of cookies only',
    'S069 are refused when one stands there twice, be it in two lines',
    {
      translate: changing(({ header }) => ({
        header: (name) =>
          name === 'cookie' ? (header(name)?.split('; __Host-at')[0] ?? null) : header(name),
      })),
    },
  ),
  broken('does not hand on where a request comes from', 'S072 are not set for another page', {
    translate: changing(({ header }) => ({
      header: (name) => (name === 'origin' ? 'https://app.example' : header(name)),
    })),
  }),
  broken('guards nothing', 'S051 are asked for where there are none', { admits: async () => null }),
  broken(
    'decodes paths and does not mind their case',
    'S032 are exact: no other spelling counts twice or is a 500',
    {
      translate: changing(({ path }) => ({
        path: decodeURIComponent(path.replace(/^\/+|\/$/g, '/')).toLowerCase(),
      })),
    },
  ),
  broken('decodes what it hands on', 'S032 are not decoded, whatever is encoded in them', {
    translate: (request, url) => plainRequest(request, { url: decodeURIComponent(url) }),
  }),
  broken('leaves headers away', 'serve a description that is the one of the auth', {
    answer: withHeaders(({ 'x-content-type-options': _left, ...headers }) => headers),
  }),
  broken('sends its own type', 'S104 reach every route, and 405 names the methods that there are', {
    answer: withHeaders((headers) => ({ ...headers, 'content-type': 'application/json' })),
  }),
  broken('takes HEAD for a method of its own', 'S070 answer HEAD as GET, without the body', {
    translate: changing(({ method }) => ({ method: method === 'HEAD' ? 'OPTIONS' : method })),
  }),
  broken(
    'reads bodies without a limit',
    'S096 have 16 KiB and not a byte more, measured or in chunks',
    {
      async translate(request, url) {
        const value = await text(request)
        const plain = plainRequest(request, { url })
        return value === ''
          ? plain
          : { ...plain, body: { kind: 'parsed', value: JSON.parse(value) } }
      },
    },
  ),
  broken('takes everything for JSON', 'S073 are JSON, and nothing else', {
    translate: changing(({ header }) => ({
      header: (name) => (name === 'content-type' ? 'application/json' : header(name)),
    })),
  }),
  broken('reads bodies as Latin-1', 'keep their characters', {
    translate: changing(({ body }) =>
      body?.kind === 'unread' ? { body: { kind: 'unread', chunks: latin1(body.chunks) } } : {},
    ),
  }),
  broken('says that every POST has a body', 'may be empty where everything is in the header', {
    translate: changing(({ body, method }) => ({
      body: body ?? (method === 'POST' ? { kind: 'parsed', value: '' } : null),
    })),
  }),
  broken('takes what has come at first for all', 'may send a body byte by byte', {
    translate: changing(({ body }) =>
      body?.kind === 'unread' ? { body: { kind: 'unread', chunks: first(body.chunks) } } : {},
    ),
  }),
  broken('hands on the query', 'S032 do not take the query for a part of the input', {
    translate: (request, url) => ({ ...plainRequest(request, { url }), path: url }),
  }),
]

async function* latin1(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(Buffer.from(chunk).toString('latin1'))
}

async function* first(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) return yield chunk
}
