import { connect, createServer, type Server, type Socket } from 'node:net'

/** A way to the server that can be made to say nothing, in either direction. */
export async function proxyTo(target: string) {
  let isSilent = false
  const sockets = new Set<Socket>()
  const { hostname, port } = new URL(target)
  const server = await listening(
    createServer((client) => {
      if (isSilent) return
      const upstream = connect(Number(port), hostname)
      client.pipe(upstream).pipe(client)
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(socket)
        socket.on('error', () => other.destroy())
        socket.on('close', () => other.destroy())
      }
    }),
  )
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${server.port}` }).href,
    /** Those that are open never say a word again. New ones work. */
    freeze() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    /** So too the new ones, until they are let through again. */
    silence(on: boolean) {
      isSilent = on
      if (on) this.freeze()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await server.close()
    },
  }
}

/** A server on a free port of this machine. */
export async function listening(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
