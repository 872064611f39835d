import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Engine } from './engine.ts'

/** The processes that have the path among their arguments, and their children. */
export function processesIn(path: string): number[] {
  const all = processes()
  const named = all.filter(({ args }) => args.includes(path)).map(({ pid }) => pid)
  const children = all.filter(({ parent }) => named.includes(parent)).map(({ pid }) => pid)
  return [...new Set([...named, ...children])].sort((a, b) => a - b)
}

/** Those of the processes that have not ended. */
export function alive(pids: readonly number[]): number[] {
  return processes()
    .filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b)
}

function processes() {
  const table = execFileSync('ps', ['-ww', '-A', '-o', 'pid=,ppid=,stat=,args='], {
    encoding: 'utf8',
  })
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = '', ...args] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state, args: args.join(' ') }
    })
}

/** Starts a server from a process of its own, to be killed. Otherwise that ends with this one. */
export async function startElsewhere({ name }: Engine) {
  const script = `
    const engines = [(await import('./postgres.ts')).postgres, (await import('./mariadb.ts')).mariadb]
    const server = await engines.find(({ name }) => name === ${JSON.stringify(name)}).start()
    console.log(server.url)
    process.stdin.on('end', () => process.exit()).resume()
  `
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [url] = (await once(owner.stdout, 'data')) as [Buffer]
  return { url: url.toString().trim(), kill: () => owner.kill('SIGKILL') }
}
