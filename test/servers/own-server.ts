import { createServer } from 'node:net'
import { makeServerDirectory, type ServerDirectory } from './server-directory.ts'
import { type Command, launch, run } from './server-process.ts'

export interface OwnServerOptions {
  /** Whether the answer to a commit waits for the disk, as it does in production. Without, the server is fast. */
  readonly durable?: boolean
  /** Further settings of the server, by the names they have in its documentation. */
  readonly settings?: Settings
  /** Keeps the data on a disk of this size, to fill it. Takes root on Linux. */
  readonly diskMegabytes?: number
  /** Where its programs are looked for. */
  readonly programDirs?: readonly string[]
}

export type Settings = Readonly<Record<string, string | number>>

/** A server that belongs to whoever started it. It ends with the process that did, at the latest. */
export interface OwnServer {
  /** Opens it with every right. */
  readonly url: string
  /** Ends the server in good order and removes all it has written. */
  stop(): Promise<void>
  /** Kills the server with all its processes, as a crash of the machine does. */
  kill(): Promise<void>
  /** Starts the server again, with the data and the port it had. Ends it first if it runs. */
  restart(): Promise<void>
}

/** What differs from one kind of server to another. */
export interface Recipe {
  readonly name: string
  install(directory: ServerDirectory): Command
  serve(directory: ServerDirectory, port: number): Command
  /** What it writes to its log when clients may come. */
  readonly ready: RegExp
  readonly stopSignal: NodeJS.Signals
  url(port: number): string
}

/** Installs and starts a server in a new directory; `undefined` where the disk it asks for cannot be mounted. */
export async function startOwn(
  recipe: Recipe,
  diskMegabytes: number | undefined,
): Promise<OwnServer | undefined> {
  const directory = await makeServerDirectory(recipe.name, diskMegabytes)
  if (directory === undefined) return undefined
  try {
    return await startIn(directory, recipe)
  } catch (error) {
    await directory.remove()
    throw error
  }
}

async function startIn(directory: ServerDirectory, recipe: Recipe): Promise<OwnServer> {
  await run(recipe.install(directory), directory)
  const port = await freePort()
  const start = () => launch(recipe.serve(directory, port), recipe.ready, directory)
  let server = await start()
  return {
    url: recipe.url(port),
    async stop() {
      await server.stop(recipe.stopSignal)
      await directory.remove()
    },
    kill: () => server.kill(),
    async restart() {
      await server.stop(recipe.stopSignal)
      server = await start()
    },
  }
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
