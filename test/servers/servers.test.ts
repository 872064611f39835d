import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Engine } from './engine.ts'
import { mariadb, startMariadb } from './mariadb.ts'
import type { OwnServerOptions } from './own-server.ts'
import { postgres, startPostgres } from './postgres.ts'
import { alive, processesIn, startElsewhere } from './processes.ts'
import { START_LIMIT_MS } from './server-process.ts'

/** Where the servers of one test write. */
let dir = ''

beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  // A server that runs as another user must get through.
  chmodSync(made, 0o755)
  dir = made
  vi.stubEnv('TMPDIR', made)
  // What is registered first is done last, after the servers have ended.
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(made, { recursive: true })
  })
})

const cases = [
  {
    engine: postgres,
    start: startPostgres,
    connections: 'show max_connections',
    megabyte: `select repeat('x', 1000) from generate_series(1, 1000)`,
    full: '53100',
  },
  {
    engine: mariadb,
    start: startMariadb,
    connections: 'select @@max_connections',
    megabyte: `select repeat('x', 1000) from seq_1_to_1000`,
    full: 'ER_RECORD_FILE_FULL',
  },
]

for (const { engine, start, connections, megabyte, full } of cases) {
  const { name, query } = engine
  const timeout = START_LIMIT_MS * 2

  describe.skipIf(!engine.isInstalled())(`a ${name} that a test starts`, { timeout }, () => {
    it('leaves no process and no file when it is stopped', async () => {
      const { url, stop } = await started(start)
      const processes = processesIn(dir)
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
      expect(alive(processes)).toEqual(processes)
      await stop()
      expect(alive(processes)).toEqual([])
      expect(readdirSync(dir)).toEqual([])
    })

    it('has what was committed before it was killed, at the same address', async () => {
      const { url, kill, restart } = await started(start, { durable: true })
      await engine.createDatabase(url, 'kept')
      const database = Object.assign(new URL(url), { pathname: 'kept' }).href
      await query(database, 'create table facts (id int)')
      await query(database, 'insert into facts values (7)')
      const processes = processesIn(dir)
      await kill()
      // What watches over the directory is left.
      expect(alive(processes)).toHaveLength(1)
      await expect(query(database, 'select id from facts')).rejects.toThrow('ECONNREFUSED')
      await restart()
      expect(await query(database, 'select id from facts')).toEqual([{ id: 7 }])
    })

    it('goes with the process that started it, even if that is killed', async () => {
      const { url, kill } = await startElsewhere(engine)
      const processes = processesIn(dir)
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
      kill()
      await expect.poll(() => alive(processes), { timeout: 10_000 }).toEqual([])
      expect(readdirSync(dir)).toEqual([])
    })

    it('takes further settings', async () => {
      const { url } = await started(start, { settings: { max_connections: 17 } })
      const [row = {}] = await query(url, connections)
      expect(Object.values(row).map(Number)).toEqual([17])
    })

    it('tells what its log says when it does not start, and leaves no file', async () => {
      const starting = start({ settings: { no_such_setting: 1 } })
      await expect(starting).rejects.toThrow(/no_such_setting/)
      expect(readdirSync(dir)).toEqual([])
    })

    it('runs out of space on a disk of its own, if one can be mounted, and answers on', async () => {
      const server = await start({ diskMegabytes: 64 })
      if (server === undefined) return expect(mayMount(dir)).toBe(false)
      onTestFinished(server.stop)
      await expect(fill(engine, server.url, megabyte)).rejects.toMatchObject({ code: full })
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
      await server.stop()
      expect(readdirSync(dir)).toEqual([])
    })
  })

  it(`answers that there is no ${name} where its programs are not`, async () => {
    expect(engine.isInstalled([dir])).toBe(false)
    expect(await start({ programDirs: [dir] })).toBeUndefined()
  })
}

/** Mounting takes root, on Linux, and is not allowed in every container. */
function mayMount(dir: string): boolean {
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]).status === 0
  if (isMounted) spawnSync('umount', [dir])
  return isMounted
}

async function started(start: Engine['start'], options?: OwnServerOptions) {
  const server = await start(options)
  if (server === undefined) throw new Error('it is not installed')
  onTestFinished(server.stop)
  return server
}

const MORE_THAN_FITS = 64

/** Writes megabytes until the server refuses. */
async function fill(engine: Engine, server: string, megabyte: string): Promise<void> {
  await engine.createDatabase(server, 'filled')
  const url = Object.assign(new URL(server), { pathname: 'filled' }).href
  await engine.query(url, 'create table filling (content text)')
  for (let n = 0; n < MORE_THAN_FITS; n += 1) {
    await engine.query(url, `insert into filling ${megabyte}`)
  }
}
