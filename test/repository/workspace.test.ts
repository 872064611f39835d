import { describe, expect, it } from 'vitest'
import { blank, importsOf } from './workspace.ts'

describe('reading the imports of a source', () => {
  it('finds every form of import', () => {
    const source = [
      `import './effect.ts'`,
      `import node from 'node:fs'`,
      `import type { A } from "./a.ts"`,
      `import { b, type B } from './b.ts'`,
      `import {`,
      `  c,`,
      `} from './c.ts'`,
      `import * as d from './d.ts'`,
      `import json from './e.json' with { type: 'json' }`,
      `export { f } from './f.ts'`,
      `export type { G } from './g.ts'`,
      `export * from './h.ts'`,
      `export * as i from './i.ts'`,
      `const j = await import('./j.ts')`,
      `type K = import('./k.ts').K`,
    ].join('\n')
    expect(importsOf(source)).toEqual([
      './effect.ts',
      'node:fs',
      './a.ts',
      './b.ts',
      './c.ts',
      './d.ts',
      './e.json',
      './f.ts',
      './g.ts',
      './h.ts',
      './i.ts',
      './j.ts',
      './k.ts',
    ])
  })

  it('takes nothing else for one', () => {
    const source = [
      `/**`,
      ` * import { a } from './a.ts'`,
      ` */`,
      `// import { b } from './b.ts'`,
      'const c = `',
      `import { c } from './c.ts'`,
      '`',
      `export const d = 'd'`,
      `export type E = 'from' | 'e'`,
      `export interface F { from: 'f' }`,
      `export function g(from = 'g') {}`,
    ].join('\n')
    expect(importsOf(source)).toEqual([])
  })

  it('is not led astray by what only looks like a comment or a quote', () => {
    const source = [
      `const accept = '*/*'`,
      `const origin = 'https://app.example'`,
      'const quotes = /[\'"`]/g',
      `const slashes = text.split(/\\/\\//)`,
      `import { a } from './a.ts' // it's here`,
      `const more = '/*'`,
      `import { b } from './b.ts'`,
    ].join('\n')
    expect(importsOf(source)).toEqual(['./a.ts', './b.ts'])
  })
})

it('blanks tokens without moving the rest', () => {
  expect(blank(`a /* b\n */ 'c' // d`, ['comment'])).toBe(`a     \n    'c'     `)
})
