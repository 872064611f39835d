import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type HttpClient, httpClient } from '../support/http-client.ts'
import { tokenIn } from '../support/setup.ts'
import type { NodeOrder, NodeReport, NodeSettings } from './protocol.ts'

/** A node in a process of its own. */
export interface NodeProcess extends HttpClient {
  /** Lets it do nothing for so many milliseconds. */
  block(milliseconds: number): void
  /** Its clock is so many seconds later at once. */
  advance(seconds: number): void
  /** Stops the process, which does nothing until it is resumed. */
  suspend(): void
  resume(): void
  /** Resolves when it next says that this failed. */
  failureOf(what: string): Promise<void>
  /** The token of the next message that it sends of that kind to that address. */
  tokenOf(kind: string, to: string): Promise<string>
  stop(): Promise<void>
}

const MAIN = fileURLToPath(import.meta.resolve('./node-main.ts'))

export async function startNode(settings: NodeSettings): Promise<NodeProcess> {
  const child = fork(MAIN, [JSON.stringify(settings)], {
    execArgv: ['--conditions=@latchkey/source', '--disable-warning=ExperimentalWarning'],
  })
  child.setMaxListeners(0)
  const { origin } = await report(child, 'ready', () => true)
  const send = (order: NodeOrder) => void child.send(order)
  const resume = () => void child.kill('SIGCONT')
  return {
    ...httpClient(origin),
    block: (milliseconds) => send({ type: 'block', milliseconds }),
    advance: (seconds) => send({ type: 'advance', seconds }),
    suspend: () => void child.kill('SIGSTOP'),
    resume,
    async failureOf(failed) {
      await report(child, 'failure', ({ what }) => what === failed)
    },
    async tokenOf(kind, to) {
      const { link } = await report(child, 'message', (one) => one.kind === kind && one.to === to)
      return tokenIn(link)
    },
    async stop() {
      if (!child.connected) return
      const exit = once(child, 'exit')
      // Suspended, it would not hear of its end.
      resume()
      child.disconnect()
      await exit
    },
  }
}

type Kind<Type extends NodeReport['type']> = Extract<NodeReport, { type: Type }>

function report<Type extends NodeReport['type']>(
  child: ChildProcess,
  type: Type,
  isMeant: (one: Kind<Type>) => boolean,
): Promise<Kind<Type>> {
  const { promise, resolve, reject } = Promise.withResolvers<Kind<Type>>()
  const listen = (one: NodeReport) => {
    if (one.type !== type || !isMeant(one as Kind<Type>)) return
    child.off('message', listen)
    resolve(one as Kind<Type>)
  }
  child.on('message', listen)
  child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
  return promise
}
