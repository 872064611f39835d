import { availableParallelism } from 'node:os'
import { installProject, nodeProgram } from '../npm-project.mjs'
import { inTurn } from './in-turn.mjs'
import { quickStartPackages } from './quick-start.mjs'
import { compilerPackages } from './typescript.mjs'

// What TypeScript 5.4 can read, too.
const NODE_TYPES = '@types/node@22'

// Koa's types contradict what Express brings along, so the two get a project each.
const OTHER_HOSTS = ['core', 'koa-adapter', 'memory-store', 'sql-store'].map(
  (name) => `@latchkey/${name}`,
)

// The oldest that `engines` of the packages allows, and the one that runs this, are tried as well.
const NEWEST_NODE = '26'

/** Starts to install what the checks need, with the tarballs in place of our names. Each is the promise of a folder. */
export function startInstalling(packages, folder) {
  const tarballs = new Map(packages.map(({ name, tarball }) => [name, tarball]))
  const turn = inTurn(availableParallelism())
  const install = (name, specifiers, ...options) => {
    const chosen = specifiers.map((specifier) => tarballs.get(specifier) ?? specifier)
    return handled(turn(() => installProject(`${folder}/${name}`, chosen, ...options)))
  }
  const express4 = quickStartPackages.map((name) => (name === 'express' ? 'express@4' : name))
  return {
    plain: install('plain', quickStartPackages),
    bare: install('bare', [...tarballs.keys(), NODE_TYPES], '--omit=peer'),
    compilers: install('compilers', compilerPackages),
    express5: install('express5', [...quickStartPackages, '@types/express@5', NODE_TYPES]),
    others: install('others', [...OTHER_HOSTS, 'koa', '@types/koa', NODE_TYPES]),
    express4: install('express4', [...express4, '@types/express@4', '@types/node@latest']),
  }
}

/** Starts to fetch the versions of Node.js to try. Each has the promise of a path. */
export function startFetchingNodes(packages) {
  const [oldest] = packages.map(({ manifest }) => /\d+\.\d+/.exec(manifest.engines.node)[0])
  return [
    { version: process.versions.node, program: Promise.resolve(process.execPath) },
    ...[oldest, NEWEST_NODE].map((version) => ({
      version,
      program: handled(nodeProgram(version)),
    })),
  ]
}

/** Whoever needs it hears of its failure; until somebody does, the process must not end for it. */
function handled(promise) {
  promise.catch(() => {})
  return promise
}
