import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { migrated } from '../../packages/sql-store/test/support/databases.ts'
import { tryOwnDatabase } from './own-database.ts'
import { refusingMariadb, refusingPostgres } from './refusing-pools.ts'
import { type ServerKind, serverKinds } from './server-kinds.ts'

/** A database whose disk can be filled. */
export interface Disk {
  readonly store: SqlStore
  fill(): Promise<void>
  makeRoom(): Promise<void>
  remove(): Promise<void>
}

/** A disk for each kind of database. */
export const disks: readonly {
  readonly name: string
  readonly available: boolean
  make(): Promise<Disk>
}[] = [
  { name: 'SQLite', available: true, make: makeSqlite },
  ...serverKinds.map((kind) => ({
    name: kind.name,
    available: kind.engine.isInstalled() || kind.databases.available,
    make: async () => (await makeServer(kind)) ?? makeRefusing(kind),
  })),
]

const PLENTY = 1_000_000

async function makeSqlite(): Promise<Disk> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-full-'))
  const sqlite = new DatabaseSync(join(folder, 'app.db'))
  const store = sqlStore({ sqlite })
  await store.migrate()
  return {
    store,
    // It cannot become smaller than the database is: from now on each new page is one too many.
    fill: async () => sqlite.exec('pragma max_page_count = 1'),
    makeRoom: async () => sqlite.exec(`pragma max_page_count = ${PLENTY}`),
    async remove() {
      sqlite.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Without room to undo what it cannot finish, MariaDB ends. */
const ROOM_TO_UNDO = { innodb_data_file_path: 'ibdata1:24M:autoextend' }

const FOLDER: Readonly<Record<string, string>> = {
  PostgreSQL: 'show data_directory',
  MariaDB: 'select @@datadir as data_directory',
}

/** A server on a small disk; `undefined` where none can be mounted, which takes root. */
async function makeServer({ engine, name }: ServerKind): Promise<Disk | undefined> {
  const settings = name === 'MariaDB' ? ROOM_TO_UNDO : {}
  const database = await tryOwnDatabase(engine, { diskMegabytes: 64, settings })
  if (database === undefined) return undefined
  const { url, store } = database
  const [row] = await engine.query(url, FOLDER[name] ?? '')
  const filling = join(String(row?.data_directory), 'filling')
  return {
    store,
    fill: async () => fillDisk(filling),
    makeRoom: async () => rmSync(filling),
    remove: database.stop,
  }
}

/** A server that says what it says when its disk is full. */
async function makeRefusing({ name, databases }: ServerKind): Promise<Disk> {
  const database = await migrated(databases)
  const pool = (name === 'MariaDB' ? refusingMariadb : refusingPostgres)(database.url)
  return {
    store: sqlStore(pool.options),
    fill: async () => pool.refuse(true),
    makeRoom: async () => pool.refuse(false),
    remove: () => pool.end().then(database.drop),
  }
}

const PART_SIZES = [1_048_576, 4096]

/** Writes to a file on the disk until not even the smallest part fits. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w')
  for (const size of PART_SIZES) {
    while (fits(file, Buffer.alloc(size)));
  }
  closeSync(file)
}

function fits(file: number, part: Buffer): boolean {
  try {
    return writeSync(file, part) === part.length
  } catch (error) {
    if (Object(error).code === 'ENOSPC') return false
    throw error
  }
}
