import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../servers/own-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(`${root}README.md`, 'utf8')

function block(language: string, containing: string): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
  const found = blocks.find(([, name, code]) => name === language && code?.includes(containing))
  return found?.[2] ?? ''
}

/** Runs the app as it stands in the README, and collects what it prints. */
function runApp(port: number): { readonly printed: (pattern: RegExp) => Promise<string> } {
  const env = {
    ...process.env,
    PORT: String(port),
    AUTH_SECRET: 'quick-start-0123456789-abcdefghijkl',
    DATABASE_URL: 'sqlite::memory:', // in place of a file in this folder
  }
  const flags = ['--conditions=@latchkey/source', '--input-type=module', '-']
  const child: ChildProcess = spawn(process.execPath, flags, { cwd: root, env })
  onTestFinished(() => {
    child.kill()
  })
  child.stdin?.end(block('js', 'createAuth'))
  let output = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    output += chunk
    for (const listener of listeners) listener()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output)
        if (match !== null) resolve(match[1] ?? '')
      }
      listeners.add(look)
      child.once('exit', () => reject(new Error(`the app ended:\n${output}`)))
      look()
    })
  return { printed }
}

async function sh(script: string, env: Record<string, string> = {}): Promise<string> {
  const child = spawn('sh', ['-c', script], { env: { ...process.env, ...env } })
  return text(child.stdout)
}

async function untilItListens(port: number): Promise<void> {
  const retry = ['--silent', '--retry', '50', '--retry-delay', '0', '--retry-connrefused']
  await sh(`curl ${retry.join(' ')} --max-time 20 -o /dev/null localhost:${port}/`)
}

it('works exactly as the README says', async () => {
  const port = await freePort()
  const app = runApp(port)
  await untilItListens(port)
  const run = (script: string, env = {}) =>
    sh(script.replaceAll('localhost:3000', `localhost:${port}`), env)

  expect(await run(block('sh', '/auth/register'))).toContain('202 Accepted')
  const code = await app.printed(/code: (\d{6})/)
  const answers = await run(block('sh', '/auth/activate').replace('123456', code))
  expect(answers).toContain('200 OK')
  const login = JSON.parse(answers.slice(answers.lastIndexOf('{"user":')))
  const tokens = { ACCESS_TOKEN: login.accessToken, REFRESH_TOKEN: login.refreshToken }
  const goodbye = await run(block('sh', '/hello'), tokens)
  expect(goodbye).toContain('{"hello":"ada@example.com"}')
  expect(goodbye).toContain('204 No Content')
  expect(await run(block('sh', '/hello'), tokens)).toContain('invalid_token')
})
