import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  readonly dir: string
  readonly manifest: Manifest
  readonly files: readonly SourceFile[]
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  /** What it imports or exports from, in order, as written. Types count. */
  readonly imports: readonly string[]
}

/** The packages of the folder `packages`, with their sources. */
export function packages(): Package[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((dir) => existsSync(join(root, dir, 'package.json')))
    .map((dir) => ({
      dir,
      manifest: JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest,
      files: sourcePaths(join(root, dir, 'src')).map(readSource),
    }))
}

function sourcePaths(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  return { path: relative(root, file).replaceAll('\\', '/'), text, imports: importsOf(text) }
}

/** The path of the file that a relative import names. */
export function resolveImport(from: SourceFile, specifier: string): string {
  return join(dirname(from.path), specifier).replaceAll('\\', '/')
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}

const STATIC = /^[ \t]*(?:import|export)\s(?:[^'"`;=(]*?\sfrom\s*)?(['"])([^'"\n]+)\1/gm
const DYNAMIC = /\bimport\(\s*(['"])([^'"\n]+)\1/g

/** What a TypeScript source imports: statements, re-exports, `import()` as a value and as a type. */
export function importsOf(text: string): string[] {
  const code = blank(text, ['comment', 'template'])
  return [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)]
    .sort((a, b) => a.index - b.index)
    .map((match) => match[2] ?? '')
}

type Token = 'comment' | 'string' | 'template' | 'regex'

const TOKENS = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")`,
    String.raw`(?<template>\`(?:\\.|[^\`\\])*\`)`,
    String.raw`(?<regex>(?<=(?:[=(,:?!&|[{;]|=>|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*)`,
  ].join('|'),
  'g',
)

/** The text with these tokens overwritten by spaces; every other character keeps its place. */
export function blank(text: string, tokens: readonly Token[]): string {
  return text.replace(TOKENS, (match, ...rest) => {
    const groups = rest.at(-1) as Record<Token, string | undefined>
    return tokens.some((token) => groups[token] !== undefined)
      ? match.replace(/[^\n]/g, ' ')
      : match
  })
}
