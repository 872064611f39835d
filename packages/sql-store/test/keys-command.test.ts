import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from './support/folder.ts'
import { latchkey } from './support/latchkey.ts'
import { runNode } from './support/node.ts'

const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'

function authWith(options: { secret?: string; key?: string }) {
  const { secret = SECRET, key } = options
  const auth = createAuth({
    secret,
    ...(key !== undefined && { signing: { keys: [key] } }),
    origin: 'https://app.example',
    store: sqlStore({ url: 'sqlite::memory:' }),
    mailer: () => {},
    maintenance: false,
  })
  onTestFinished(() => auth.close())
  return auth
}

describe('latchkey keys generate', () => {
  it.each([
    ['', 'EdDSA', ['kty', 'crv', 'x', 'alg', 'use', 'kid']],
    [' --alg EdDSA', 'EdDSA', ['kty', 'crv', 'x', 'alg', 'use', 'kid']],
    [' --alg ES256', 'ES256', ['kty', 'crv', 'x', 'y', 'alg', 'use', 'kid']],
  ])('S054 prints one line that createAuth takes, given%j', async (options, alg, members) => {
    const { status, stdout, stderr } = await latchkey(`keys generate${options}`)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\{[^\n]+\}\n$/)
    // Nothing that a shell would read otherwise, in single quotes or in a file of variables.
    expect(stdout).toMatch(/^[\w{}":,.-]+\n$/)
    const key = JSON.parse(stdout)
    const shared = JSON.parse(stderr)
    expect(Object.keys(key).sort()).toEqual([...members, 'd'].sort())
    expect(authWith({ key: stdout }).jwks()).toEqual({ keys: [shared] })
    expect(shared.alg).toBe(alg)
  })

  it('S052 shows the public part only where it is to be seen', async () => {
    const { stdout, stderr } = await latchkey('keys generate')
    const { d, ...shared } = JSON.parse(stdout)
    expect(stderr).toBe(`${JSON.stringify(shared)}\n`)
    expect(stderr).not.toContain(d)
  })

  it('makes another key each time', async () => {
    const lines = await Promise.all(Array.from({ length: 10 }, () => latchkey('keys generate')))
    expect(new Set(lines.map(({ stdout }) => JSON.parse(stdout).kid)).size).toBe(10)
  })

  it('writes a file that only its owner may read, and over none without --force', async () => {
    const file = join(temporaryFolder(), 'signing-key.json')
    const { status, stdout, stderr } = await latchkey(`keys generate ${file}`)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const key = readFileSync(file, 'utf8')
    expect(authWith({ key }).jwks()).toEqual({ keys: [JSON.parse(stderr)] })
    const again = await latchkey(`keys generate ${file}`)
    expect(again).toMatchObject({ status: 2, stdout: '' })
    expect(again.stderr).toContain('exists: choose another name, or say --force')
    expect(readFileSync(file, 'utf8')).toBe(key)
    expect(await latchkey(`keys generate ${file} --force`)).toMatchObject({ status: 0 })
    expect(readFileSync(file, 'utf8')).not.toBe(key)
  })
})

describe('latchkey secret', () => {
  it('S054 prints 32 random bytes in base64, and nothing else', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => latchkey('secret')))
    for (const { status, stdout, stderr } of made) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
      expect(() => authWith({ secret: stdout.trim() })).not.toThrow()
    }
    expect(new Set(made.map(({ stdout }) => stdout)).size).toBe(10)
  })

  it('writes a file that only its owner may read', async () => {
    const file = join(temporaryFolder(), 'secret')
    expect(await latchkey(`secret ${file}`)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
  })
})

it('the program needs no database, and its line fits in a variable', {
  timeout: 30_000,
}, async () => {
  const cli = join(import.meta.dirname, '../src/cli.ts')
  const { status, stdout } = await runNode([cli, 'keys', 'generate'], { cwd: temporaryFolder() })
  expect(status).toBe(0)
  expect(() => authWith({ key: stdout.trim() })).not.toThrow()
})
