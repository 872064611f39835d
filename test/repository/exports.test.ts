import { describe, expect, it } from 'vitest'
import { blank, packages, resolveImport, type SourceFile } from './workspace.ts'

const entries = packages()
  .filter(({ manifest }) => manifest.private !== true)
  .flatMap(({ dir, manifest, files }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
      if (typeof target === 'string') return []
      const path = `${dir}/${target['@latchkey/source']?.slice('./'.length)}`
      return [{ specifier: manifest.name + subpath.slice(1), path, files }]
    }),
  )

describe('the public surface', () => {
  it('exports these names and no others', async () => {
    const lists = await Promise.all(entries.map(({ specifier }) => runtimeNames(specifier)))
    await expect(`${lists.join('\n\n')}\n`).toMatchFileSnapshot('./exported-names.txt')
  })

  it.each(entries)('$specifier documents everything it exports', ({ path, files }) => {
    const byPath = new Map(files.map((file) => [file.path, file]))
    const exported = exportsOf(path, byPath)
    expect(exported, `${path} exports nothing that this test can read`).not.toEqual([])
    const undocumented = exported
      .filter((symbol) => !isDocumented(symbol))
      .map(({ file, name }) => `${name} in ${file.path} has no /** comment */ directly above it`)
    expect(undocumented).toEqual([])
  })
})

async function runtimeNames(specifier: string): Promise<string> {
  const names = Object.keys(await import(/* @vite-ignore */ specifier)).sort()
  return [specifier, ...names.map((name) => `  ${name}`)].join('\n')
}

/** An exported name and the file that declares it. */
interface ExportedSymbol {
  readonly name: string
  readonly file: SourceFile
}

type Files = ReadonlyMap<string, SourceFile>

const DECLARED =
  /^export (?:declare )?(?:default )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) ([\w$]+)/gm
const LISTED = /^export (?:type )?\{([^}]*)\}(?: from (['"])([^'"]+)\2)?/gm
const STARRED = /^export (?:type )?\*(?: as [\w$]+)? from (['"])([^'"]+)\1/gm
const IMPORTED = /^import (?:type )?\{([^}]*)\} from (['"])([^'"]+)\2/gm

/** Everything the file exports, followed to where it is declared. */
function exportsOf(path: string, files: Files): ExportedSymbol[] {
  const file = fileAt(path, files)
  const code = blank(file.text, ['comment', 'template'])
  const declared = [...code.matchAll(DECLARED)].map((match) => ({ name: match[1] ?? '', file }))
  const starred = [...code.matchAll(STARRED)].flatMap((match) =>
    exportsOf(resolveImport(file, match[2] ?? ''), files),
  )
  const listed = [...code.matchAll(LISTED)].flatMap((match) =>
    originalNames(match[1] ?? '').flatMap((name) => {
      const from = match[3] ?? importOf(name, code)
      return from === undefined ? [{ name, file }] : follow(name, file, from, files)
    }),
  )
  return [...new Map([...declared, ...starred, ...listed].map((s) => [s.name, s])).values()]
}

function follow(name: string, file: SourceFile, from: string, files: Files): ExportedSymbol[] {
  if (!from.startsWith('.')) return [] // its own package documents it
  const target = resolveImport(file, from)
  const symbol = exportsOf(target, files).find((candidate) => candidate.name === name)
  return [symbol ?? { name, file: fileAt(target, files) }]
}

function fileAt(path: string, files: Files): SourceFile {
  const file = files.get(path)
  if (file === undefined) throw new Error(`${path} is exported from, but is not there`)
  return file
}

/** `a, type B, c as d` names a, B and c. */
function originalNames(list: string): string[] {
  return list
    .split(',')
    .map((item) =>
      item
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*/, ''),
    )
    .filter((name) => name !== '')
}

function importOf(name: string, code: string): string | undefined {
  return [...code.matchAll(IMPORTED)].find((match) =>
    originalNames(match[1] ?? '').includes(name),
  )?.[3]
}

function isDocumented({ name, file }: ExportedSymbol): boolean {
  const declaration = new RegExp(
    String.raw`^(?:export )?(?:declare )?(?:default )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) ${name.replaceAll('$', '\\$')}(?![\w$])`,
    'm',
  )
  const index = blank(file.text, ['comment', 'template']).search(declaration)
  if (index === -1) return false
  const above = file.text.slice(0, index).replace(/(?:\/\/ biome-ignore[^\n]*\n)+$/, '')
  // The last comment before the declaration: it ends right there and opens with two stars.
  const comment = above.slice(Math.max(above.lastIndexOf('/*'), 0))
  return /^\/\*\*[\s\S]*\S[\s\S]*\*\/\n$/.test(comment)
}
