import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mariadbDatabase, mariadbUrl, postgresDatabase, postgresUrl } from './databases.ts'
import { findServer } from './find-server.ts'
import { mariadb } from './mariadb.ts'
import { freePort } from './own-server.ts'
import { postgres } from './postgres.ts'
import { START_LIMIT_MS } from './server-process.ts'
import { dropStaleDatabases, makeDatabase } from './test-database.ts'

const cases = [
  {
    engine: postgres,
    server: postgresUrl,
    newDatabase: postgresDatabase,
    dead: 'postgres://root@127.0.0.1',
    async beginOn(url: string) {
      const client = new pg.Client(url)
      await client.connect()
      return begin(client)
    },
  },
  {
    engine: mariadb,
    server: mariadbUrl,
    newDatabase: mariadbDatabase,
    dead: 'mysql://root@127.0.0.1',
    beginOn: async (url: string) => begin(await createConnection(url)),
  },
]

for (const { engine, server = '', newDatabase, dead, beginOn } of cases) {
  describe.skipIf(server === '')(`a database for a test on ${engine.name}`, () => {
    it('is another one each time, with nothing in it', async () => {
      const databases = await Promise.all([newDatabase(), newDatabase()])
      for (const { url, drop } of databases) {
        onTestFinished(drop)
        await engine.query(url, 'create table accounts (id int)')
        expect(await engine.query(url, 'select id from accounts')).toEqual([])
      }
    })

    it('is dropped in the midst of a transaction of somebody else', async () => {
      const { url, drop } = await newDatabase()
      await engine.query(url, 'create table accounts (id int)')
      const client = await beginOn(url)
      await client.query('insert into accounts values (1)')
      await drop()
      expect(await engine.listDatabases(server)).not.toContain(nameIn(url))
      await drop()
    })

    it('is dropped an hour later if its run did not', async () => {
      const now = Date.now()
      const made = [now, now - 50 * 60_000, now - 61 * 60_000].map((time) =>
        makeDatabase(engine, server, time),
      )
      const databases = await Promise.all(made)
      onTestFinished(async () => {
        for (const { drop } of databases) await drop()
      })
      await dropStaleDatabases(engine, server)
      const left = await engine.listDatabases(server)
      expect(databases.map(({ url }) => left.includes(nameIn(url)))).toEqual([true, true, false])
    })

    it('is made on a server that is found on this machine, past those that do not let us in', async () => {
      const localUrls = [await unused(dead), server]
      expect(await findServer({ ...engine, localUrls }, '')).toEqual({ url: server })
    })

    it('is made on the server that the environment names', async () => {
      expect(await findServer({ ...engine, localUrls: [] }, server)).toEqual({ url: server })
    })
  })

  describe(`looking for a ${engine.name}`, () => {
    it(
      'starts one if none listens, as far as it is installed',
      async () => {
        const found = await findServer({ ...engine, localUrls: [await unused(dead)] }, '')
        expect(found !== undefined).toBe(engine.isInstalled())
        await found?.stop?.()
      },
      START_LIMIT_MS * 2,
    )

    it('finds none where none listens and none is installed', async () => {
      const start = () => engine.start({ programDirs: [] })
      const bare = { ...engine, localUrls: [await unused(dead)], start }
      expect(await findServer(bare, '')).toBeUndefined()
    })

    it('does not look further if the named one cannot be used', async () => {
      const looking = findServer(engine, await unused(dead))
      await expect(looking).rejects.toThrow(engine.variable)
    })

    it('does not look if none is wanted', async () => {
      expect(await findServer(engine, 'none')).toBeUndefined()
    })
  })
}

interface Client {
  query(statement: string): Promise<unknown>
  on(event: 'error', listener: () => void): unknown
}

/** Begins a transaction on a connection that the server will end. */
async function begin(client: Client): Promise<Client> {
  client.on('error', () => {})
  await client.query('begin')
  return client
}

/** The address with a port on which nobody listens. */
async function unused(address: string): Promise<string> {
  return `${address}:${await freePort()}/nothing`
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1)
}
