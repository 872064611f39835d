import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const COUNTER = new URL('../count-modules.mjs', import.meta.url).href

const run = promisify(execFile)

/** How many files a process loads when it imports these. */
export async function modulesOf({ folder, names }) {
  return Number(await evaluate(importing(names), folder, ['--import', COUNTER]))
}

/** How many milliseconds that takes in a fresh process. */
export async function timeToImport({ folder, names }) {
  const program = `
    const start = performance.now()
    ${importing(names)}
    console.log(performance.now() - start)`
  return { ms: Number(await evaluate(program, folder)) }
}

function importing(names) {
  return `await Promise.all(${JSON.stringify(names)}.map((name) => import(name)))`
}

async function evaluate(program, cwd, flags = []) {
  const args = [...flags, '--input-type=module', '--eval', program]
  const { stdout } = await run(process.execPath, args, { cwd })
  return stdout
}
