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
  return {
    ...httpClient(origin),
    block(milliseconds) {
      const order: NodeOrder = { type: 'block', milliseconds }
      child.send(order)
    },
    async tokenOf(kind, to) {
      const { link } = await report(child, 'message', (one) => one.kind === kind && one.to === to)
      return tokenIn(link)
    },
    async stop() {
      const exit = once(child, 'exit')
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
