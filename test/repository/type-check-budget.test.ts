import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const HEAD = `
import { createAuth, type Store } from '@latchkey/core'
import { authOf, requireAuth } from '@latchkey/express-adapter'
import type { Request } from 'express'
import * as z from 'zod'
declare const store: Store
declare const request: Request
export const schema = z.object({ first: z.string() })
export const first = createAuth({ store, origin: 'https://app.example', profile: schema })
export const guard = requireAuth(first, { role: 'admin' })
export const load = () => authOf<typeof first>(request).loadUser()
`

/** One more auth, with a profile of its own, and its use in a handler. */
const usage = (n: number) => `
export const schema${n} = z.object({ name${n}: z.string(), age${n}: z.number().optional() })
export const auth${n} = createAuth({ store, origin: 'https://app.example', profile: schema${n} })
export const guard${n} = requireAuth(auth${n}, { permission: 'users:read' })
export const name${n} = async () => (await authOf<typeof auth${n}>(request).loadUser()).profile.name${n}
`

/** The same schemas without us. */
const schemaOnly = (n: number) => `
export const schema${n} = z.object({ name${n}: z.string(), age${n}: z.number().optional() })
export const name${n} = (value: z.output<typeof schema${n}>) => value.name${n}
`

// For each auth, with a guard and a handler. It was 555 when this was written.
const BUDGET = 1000

/** How many types the checker makes of generics: the same number on every machine, unlike its time. */
function instantiations(name: string, code: string): number {
  const dir = `${root}test/.type-check-budget-${name}`
  mkdirSync(dir, { recursive: true })
  onTestFinished(() => rmSync(dir, { recursive: true }))
  writeFileSync(`${dir}/app.ts`, code)
  const config = { extends: '../../tsconfig.json', include: ['*.ts'] }
  writeFileSync(`${dir}/tsconfig.json`, JSON.stringify(config))
  const { stdout } = spawnSync(
    `${root}node_modules/.bin/tsc`,
    ['-p', dir, '--extendedDiagnostics'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stdout).not.toContain('error TS')
  return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1])
}

it('costs the type checker little more than the schemas themselves', { timeout: 120_000 }, () => {
  const numbers = Array.from({ length: 20 }, (_, n) => n)
  const before = instantiations('before', HEAD)
  const perUse = (name: string, code: (n: number) => string) =>
    (instantiations(name, HEAD + numbers.map(code).join('')) - before) / numbers.length
  const ours = perUse('ours', usage)
  const schemas = perUse('schemas', schemaOnly)
  expect(schemas).toBeGreaterThan(0)
  expect(ours - schemas).toBeLessThan(BUDGET)
})
