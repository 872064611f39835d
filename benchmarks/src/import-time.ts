import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Effort } from './effort.ts'
import { table } from './markdown.ts'
import { medians } from './rounds.ts'

const CORE = `${import.meta.dirname}/../../packages/core`

// Inside the package, where its dependencies are found from, and out of everybody's way.
const BUILD = 'node_modules/.benchmark'

const run = promisify(execFile)

/** How long a fresh process takes to import core, built as it is published, and its dependencies alone. */
export async function importTime({ imports }: Effort): Promise<string> {
  await run('tsup', ['--config', '../../tsup.config.mjs', '--out-dir', BUILD], { cwd: CORE })
  try {
    const { dependencies, core } = await medians(imports, {
      dependencies: () => timeToImport('jose', 'zod', '@node-rs/argon2'),
      core: () => timeToImport(`./${BUILD}/index.js`),
    })
    return table(
      ['import in a fresh process', 'ms', 'compared'],
      [
        ['jose, zod and @node-rs/argon2', dependencies.ms.toFixed(1), ''],
        [
          '@latchkey/core, built',
          core.ms.toFixed(1),
          `${(core.ms / dependencies.ms).toFixed(2)} times its dependencies`,
        ],
      ],
    )
  } finally {
    await rm(`${CORE}/${BUILD}`, { recursive: true })
  }
}

async function timeToImport(...names: readonly string[]): Promise<{ readonly ms: number }> {
  const program = `
    const start = performance.now()
    await Promise.all(${JSON.stringify(names)}.map((name) => import(name)))
    console.log(performance.now() - start)`
  const options = { cwd: CORE } // names are looked up from there
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', program],
    options,
  )
  return { ms: Number(stdout) }
}
