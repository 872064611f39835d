import { describe, expect, it } from 'vitest'
import {
  blank,
  isRelative,
  type Package,
  packages,
  resolveImport,
  type SourceFile,
} from './workspace.ts'

// The rows of packages/core/src, from the top. A file may import from its own row and from those below.
// 'x.ts' is a file, 'x/' a folder with all it holds, '*' every file beside index.ts that no row names.
const ROWS = [
  ['index.ts', 'node.ts', 'node-request.ts', 'fetch.ts', 'languages.ts', 'redis.ts', 'testing/'],
  ['auth.ts', 'auth/'],
  ['config.ts', 'http/'],
  ['flows/', 'admin/'],
  ['session-issue.ts'],
  ['*', 'limits/', 'messages/', 'transfer/'],
  ['tokens/', 'token-memory.ts', 'revocation.ts', 'revocation-feed.ts', 'crypto/'],
  ['context.ts'],
  [
    'store.ts',
    'records.ts',
    'queries.ts',
    'unique-violation.ts',
    'errors.ts',
    'events.ts',
    'principal.ts',
    'revocation-push.ts',
    'messages.ts',
    'profile-schema.ts',
    'profile-rules.ts',
    'background.ts',
    'deadline.ts',
    'time.ts',
    'limit-table.ts',
    'transport.ts',
    'once.ts',
  ],
]

// Here a file imports none of its neighbours: what two use cases need is a noun further down.
const ISOLATED = ['flows/', 'admin/']

// What packages/core may import beside node: and its own files. Other packages: what they declare.
const CORE_IMPORTS = [
  'jose',
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  'zod',
  'csv-parse',
  'csv-stringify',
]

const MAX_LINES = 250
const VAGUE_NAMES = ['util', 'helper', 'manager', 'service', 'common']
const NAMES_WITH_A_REASON = ['common-passwords']

const all = packages()
const CORE = 'packages/core/src/'
const coreFiles = all.find(({ dir }) => dir === 'packages/core')?.files ?? []

describe('packages/core/src', () => {
  it('is read from where the table says', () => {
    expect(coreFiles.map(({ path }) => path)).toContain(`${CORE}index.ts`)
  })

  it('has a row for every file', () => {
    expect(coreFiles.filter((file) => rowOf(file.path) === -1).map(({ path }) => path)).toEqual([])
  })

  it('imports downwards only', () => {
    const upward = edges(coreFiles)
      .filter(({ from, to }) => rowOf(to) < rowOf(from))
      .map(({ from, to }) => `${from} must not import ${to}, which stands in a row above`)
    expect(upward).toEqual([])
  })

  it('serves Fetch hosts by nothing that only Node has', () => {
    const portable = coreFiles.filter(({ path }) =>
      ['fetch.ts', 'http/'].some((entry) => matches(path.slice(CORE.length), entry)),
    )
    const offenders = portable.filter(
      ({ text, imports }) =>
        imports.some((specifier) => specifier.startsWith('node:')) ||
        /\b(?:Buffer|process|setImmediate)\b/.test(blank(text, ['comment', 'string', 'template'])),
    )
    expect(portable.length).toBeGreaterThan(10)
    expect(offenders.map(({ path }) => path)).toEqual([])
  })

  it('has no use case that imports another', () => {
    const sideways = edges(coreFiles)
      .filter(({ from, to }) => isIsolated(from) && isIsolated(to))
      .map(({ from, to }) => `${from} must not import ${to}: move what both need to a noun`)
    expect(sideways).toEqual([])
  })
})

describe.each(all)('$dir', ({ dir, files, manifest }) => {
  it('has no import cycle, types counted', () => {
    expect(cycles(files)).toEqual([])
  })

  it('has no file that imports index.ts', () => {
    const offenders = edges(files)
      .filter(({ to }) => to.endsWith('/index.ts'))
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(offenders).toEqual([])
  })

  it('imports only files of its own and what it may depend on', () => {
    const allowed = allowedImports({ dir, files, manifest })
    const offenders = files.flatMap((file) =>
      file.imports
        .filter((specifier) => !isAllowed(file, specifier, dir, allowed))
        .map((specifier) => `${file.path} imports ${specifier}`),
    )
    expect(offenders).toEqual([])
  })

  it(`has no file over ${MAX_LINES} lines`, () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines`)
    expect(long).toEqual([])
  })

  it('has no any', () => {
    expect(files.flatMap(anyLines)).toEqual([])
  })

  it('has file names that say what is inside', () => {
    const vague = files
      .map(({ path }) => path.slice(`${dir}/src/`.length))
      .filter((path) => path.split(/[/.]/).some(isVague))
    expect(vague).toEqual([])
  })
})

/** The index in ROWS, -1 for a file of a folder that no row names. */
function rowOf(path: string): number {
  const name = path.slice(CORE.length)
  const named = ROWS.findIndex((row) => row.some((entry) => matches(name, entry)))
  if (named !== -1 || name.includes('/')) return named
  return ROWS.findIndex((row) => row.includes('*'))
}

function isIsolated(path: string): boolean {
  return ISOLATED.some((entry) => matches(path.slice(CORE.length), entry))
}

function matches(name: string, entry: string): boolean {
  return entry.endsWith('/') ? name.startsWith(entry) : name === entry
}

/** Who imports whom among these files. */
function edges(files: readonly SourceFile[]): { from: string; to: string }[] {
  return files.flatMap((file) =>
    file.imports
      .filter(isRelative)
      .map((specifier) => ({ from: file.path, to: resolveImport(file, specifier) })),
  )
}

function cycles(files: readonly SourceFile[]): string[] {
  const targets = Map.groupBy(edges(files), ({ from }) => from)
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (trail.includes(path) || done.has(path)) return
    for (const { to } of targets.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const { path } of files) visit(path, [])
  return found
}

function allowedImports({ dir, manifest }: Package): readonly string[] {
  if (dir === 'packages/core') return CORE_IMPORTS
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
}

function isAllowed(
  file: SourceFile,
  specifier: string,
  dir: string,
  allowed: readonly string[],
): boolean {
  if (isRelative(specifier)) return resolveImport(file, specifier).startsWith(`${dir}/src/`)
  return (
    specifier.startsWith('node:') ||
    allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  )
}

function anyLines({ path, text }: SourceFile): string[] {
  return blank(text, ['comment', 'string', 'template', 'regex'])
    .split('\n')
    .flatMap((line, index) =>
      // Not a property or a method of that name.
      /(?<![.\w])any\b(?!\s*[?(]?[:(])/.test(line) ? [`${path}:${index + 1}`] : [],
    )
}

function isVague(part: string): boolean {
  return (
    !NAMES_WITH_A_REASON.includes(part) &&
    part.split('-').some((word) => VAGUE_NAMES.includes(word.replace(/s$/, '')))
  )
}
