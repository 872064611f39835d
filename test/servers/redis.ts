import { type OwnServer, startOwn } from './own-server.ts'
import { findProgram, programDirs } from './programs.ts'

const file = findProgram('redis-server', programDirs())

/** Whether a Redis can be started. */
export const hasRedis = file !== undefined

/** Starts a Redis that keeps its keys in memory. */
export async function startRedis(): Promise<OwnServer> {
  if (file === undefined) throw new Error('there is no redis-server: install the package redis')
  const own = await startOwn(
    {
      name: 'redis',
      install: () => ({ file: 'true', args: [] }), // it needs no files
      serve: ({ path }, port) => ({
        file,
        args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', path, '--save', ''],
      }),
      ready: /Ready to accept connections/,
      stopSignal: 'SIGTERM',
      url: (port) => `redis://127.0.0.1:${port}`,
    },
    undefined,
  )
  if (own === undefined) throw new Error('Redis did not start')
  return own
}
