import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, ranked } from '../support/administration.ts'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { everything, exported, recordsIn } from '../support/transfer.ts'

const options = {
  ...everything,
  ...ranked,
  permissions: { manager: ['users:export'], staff: ['users:import'] },
} as const

async function serve(host: Host) {
  const setup = await host.setUp(options)
  const root = await enlist(setup, 'root', ['admin'])
  const client = await host.serve(setup.auth)
  const bearer = { authorization: `Bearer ${root.accessToken}` }
  return {
    setup,
    root,
    bearer,
    client,
    download: (query = '', headers: Record<string, string> = bearer) =>
      client.send('GET', `${host.base}/users/export${query}`, { headers }),
    upload: (
      type: string,
      body: string | Uint8Array<ArrayBuffer>,
      query = '',
      headers: Record<string, string> = bearer,
    ) =>
      client.send('POST', `${host.base}/users/import${query}`, {
        headers: { ...headers, 'content-type': type },
        body,
      }),
  }
}

const CSV = 'email,profile\r\nada@example.com,"{""name"":""Ada""}"\r\nnobody,\r\n'
const NDJSON = '{"email":"ada@example.com","profile":{"name":"Ada"}}\n{"email":"nobody"}\n'

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S095 S104 sends an export as a file that no cache keeps and no browser shows', async () => {
      const { setup, root, download } = await serve(host)
      for (const [query, type, name] of [
        ['', 'text/csv; charset=utf-8; header=present', 'users.csv'],
        ['?format=csv', 'text/csv; charset=utf-8; header=present', 'users.csv'],
        ['?format=ndjson', 'application/x-ndjson', 'users.ndjson'],
      ] as const) {
        const answer = await download(query)
        expect(answer.status).toBe(200)
        expectWellFormed(answer)
        expect(answer.headers.get('content-type')).toBe(type)
        expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`)
        const format = name === 'users.csv' ? 'csv' : 'ndjson'
        expect(answer.text).toBe(await exported(setup.auth, { format }))
        expect(answer.text).toContain(root.email)
      }
      const told = await eventsOf(setup, 'users.exported')
      expect(told.filter(({ actorId }) => actorId === root.id)).toMatchObject([
        { format: 'csv', count: 1 },
        { format: 'csv', count: 1 },
        { format: 'ndjson', count: 1 },
      ])
    })

    it('takes the filters of the list, and refuses what it does not know', async () => {
      const { download } = await serve(host)
      expect(recordsIn((await download('?search=nobody')).text)).toHaveLength(1)
      expectProblem(await download('?format=xlsx'), 422, 'invalid_input')
      expectProblem(await download('?limit=5'), 422, 'invalid_input')
      expectProblem(await download('?format=csv&format=ndjson'), 400, 'invalid_request')
    })

    it('says with HEAD what an export would be, and makes none', async () => {
      const { setup, client, bearer, download } = await serve(host)
      const { headers } = await download()
      const path = `${host.base}/users/export`
      const answer = await client.send('HEAD', path, { headers: bearer })
      expect(answer).toMatchObject({ status: 200, text: '' })
      for (const name of ['content-type', 'content-disposition', 'cache-control']) {
        expect(answer.headers.get(name)).toBe(headers.get(name))
      }
      expect((await client.send('HEAD', path)).status).toBe(401)
      expect(await eventsOf(setup, 'users.exported')).toHaveLength(1)
    })

    it('imports CSV and NDJSON, and reports what became of the rows', async () => {
      for (const [type, text, line] of [
        ['text/csv', CSV, 3],
        ['Text/CSV; header=present; charset="UTF-8"', CSV, 3],
        ['application/x-ndjson', NDJSON, 2],
        ['application/x-ndjson; charset=utf-8', NDJSON, 2],
      ] as const) {
        const { setup, root, upload } = await serve(host)
        const answer = await upload(type, text)
        expect(answer).toMatchObject({
          status: 200,
          body: {
            rows: 2,
            created: 1,
            updated: 0,
            skipped: 0,
            refused: 1,
            complete: true,
            errors: [{ row: 2, line, errors: [{ pointer: '/email', code: 'invalid' }] }],
          },
        })
        expectWellFormed(answer)
        const email = { kind: 'email', value: 'ada@example.com' } as const
        expect((await setup.store.users.findByIdentifier(email))?.profile).toEqual({ name: 'Ada' })
        expect(await eventsOf(setup, 'users.imported')).toMatchObject([
          { created: 1, refused: 1, actorId: root.id, client: { ip: '127.0.0.1' } },
        ])
        expect(setup.errors).toEqual([])
      }
    })

    it('takes its options from the query', async () => {
      const { upload } = await serve(host)
      const ask = async (query: string, text = CSV) => (await upload('text/csv', text, query)).body
      expect(await ask('?dryRun=true')).toMatchObject({ created: 1, refused: 1 })
      expect(await ask('?onError=stop&dryRun=false')).toMatchObject({ created: 1, complete: true })
      expect(await ask('?ifExists=refuse')).toMatchObject({ refused: 2 })
      expect(await ask('?ifExists=update', CSV.replace('Ada', 'Eve'))).toMatchObject({ updated: 1 })
      expectProblem(await upload('text/csv', CSV, '?dryRun=yes'), 422, 'invalid_input')
      expectProblem(await upload('text/csv', CSV, '?all=1'), 422, 'invalid_input')
      expectProblem(
        await upload('text/csv', CSV, '?onError=stop&onError=x'),
        400,
        'invalid_request',
      )
    })

    it('S096 takes no other type, and nothing compressed', async () => {
      const { upload, bearer } = await serve(host)
      for (const type of ['text/plain', 'text/csv; charset=iso-8859-1', 'application/xml']) {
        expectProblem(await upload(type, CSV), 415, 'unsupported_media_type')
      }
      expectProblem(await upload('application/json', '{}'), 415, 'unsupported_media_type')
      for (const encoding of ['gzip', 'br']) {
        const headers = { ...bearer, 'content-encoding': encoding }
        const answer = await upload('text/csv', Uint8Array.from(gzipSync(CSV)), '', headers)
        // A parser of the host's may try to unpack it.
        expect(host.parsesFirst ? [400, 415] : [415]).toContain(answer.status)
      }
    })

    it('S093 S087 lets in who may, and has logged in within 15 minutes', async () => {
      const { setup, root, download, upload } = await serve(host)
      const max = await enlist(setup, 'max', ['manager'])
      const sam = await enlist(setup, 'sam', ['staff'])
      const as = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })
      const csv = (headers: Record<string, string>) => upload('text/csv', CSV, '', headers)
      expect((await download('', as(max.accessToken))).status).toBe(200)
      expect((await csv(as(sam.accessToken))).status).toBe(200)
      expectProblem(await download('', as(sam.accessToken)), 403, 'forbidden')
      expectProblem(await csv(as(max.accessToken)), 403, 'forbidden')
      expectProblem(await download('', {}), 401, 'unauthenticated')
      expectProblem(await csv({}), 401, 'unauthenticated')
      setup.clock.advance(16 * 60)
      const { refreshToken } = root
      const late = as((await setup.auth.refresh({ refreshToken })).accessToken)
      expectProblem(await download('', late), 403, 'reauth_required')
      expectProblem(await csv(late), 403, 'reauth_required')
    })

    it('has a method for each, and the paths of accounts beside them', async () => {
      const { client, bearer } = await serve(host)
      for (const [method, name, allow] of [
        ['POST', 'export', 'GET, HEAD'],
        ['GET', 'import', 'POST'],
        ['DELETE', 'export', 'GET, HEAD'],
      ] as const) {
        const answer = await client.send(method, `${host.base}/users/${name}`, { headers: bearer })
        expectProblem(answer, 405, 'method_not_allowed')
        expect(answer.headers.get('allow')).toBe(allow)
      }
    })
  })
}
