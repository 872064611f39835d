import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Effort } from './effort.ts'
import { table } from './markdown.ts'
import { installPeers } from './peers.ts'
import { keepResult } from './results.ts'
import { medians } from './rounds.ts'

const CORE = `${import.meta.dirname}/../../packages/core`

// Inside the package, where its dependencies are found from, and out of everybody's way.
const BUILD = 'node_modules/.benchmark'

const PEERS = `${import.meta.dirname}/../peers`

const run = promisify(execFile)

/** How long a fresh process takes to import core, built as it is published, its dependencies alone, and others. */
export async function importTime(effort: Effort): Promise<string> {
  await installPeers()
  await run('tsup', ['--config', '../../tsup.config.mjs', '--out-dir', BUILD], { cwd: CORE })
  try {
    const { dependencies, core, passport, betterAuth } = await medians(effort.imports, {
      dependencies: () => timeToImport(CORE, 'jose', 'zod', '@node-rs/argon2'),
      core: () => timeToImport(CORE, `./${BUILD}/index.js`),
      passport: () => timeToImport(PEERS, 'passport', 'passport-jwt', 'express-session'),
      betterAuth: () => timeToImport(PEERS, 'better-auth'),
    })
    const compared = ({ ms }: { readonly ms: number }) =>
      `${(ms / dependencies.ms).toFixed(2)} times`
    await keepResult('import-time', effort, { dependencies, core, passport, betterAuth })
    return table(
      ['import in a fresh process', 'ms', 'compared'],
      [
        ['jose, zod and @node-rs/argon2', dependencies.ms.toFixed(1), ''],
        ['@latchkey/core, built', core.ms.toFixed(1), `${compared(core)} its dependencies`],
        ['passport, passport-jwt and express-session', passport.ms.toFixed(1), compared(passport)],
        ['better-auth', betterAuth.ms.toFixed(1), compared(betterAuth)],
      ],
    )
  } finally {
    await rm(`${CORE}/${BUILD}`, { recursive: true })
  }
}

async function timeToImport(
  cwd: string,
  ...names: readonly string[]
): Promise<{ readonly ms: number }> {
  const program = `
    const start = performance.now()
    await Promise.all(${JSON.stringify(names)}.map((name) => import(name)))
    console.log(performance.now() - start)`
  const options = { cwd } // names are looked up from there
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', program],
    options,
  )
  return { ms: Number(stdout) }
}
