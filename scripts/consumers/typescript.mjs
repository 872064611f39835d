import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const NEWEST = '7.0'
const TYPESCRIPTS = ['5.4', '5.9', '6.0', NEWEST]

// In what projects differ that decides how our declarations are found and read.
const SETTINGS = [
  { module: 'nodenext', exactOptionalPropertyTypes: false },
  { module: 'preserve', moduleResolution: 'bundler', exactOptionalPropertyTypes: true },
  { module: 'esnext', moduleResolution: 'bundler', exactOptionalPropertyTypes: false },
  { module: 'nodenext', exactOptionalPropertyTypes: true },
]

// As in the project of somebody who wants to hear of every error. No DOM: Node.js has none.
const COMMON = { strict: true, skipLibCheck: false, target: 'es2022', lib: 'es2022', types: 'node' }

/** What `npm install` is told: each TypeScript under a name of its own. */
export const compilerPackages = TYPESCRIPTS.map(
  (version) => `${nameOf(version)}@npm:typescript@${version}`,
)

const run = promisify(execFile)

/**
 * Each TypeScript with so many settings, the newest with all of them: the others take four times as long, nearly all of
 * it for the declarations of dependencies.
 */
export function combinations(settingsOfOlder) {
  return TYPESCRIPTS.flatMap((version) => {
    const settings = version === NEWEST ? SETTINGS : SETTINGS.slice(0, settingsOfOlder)
    return settings.map((setting) => ({ version, setting }))
  })
}

export function titleOf({ version, setting: { module, exactOptionalPropertyTypes } }) {
  const exact = exactOptionalPropertyTypes ? ', exact optional properties' : ''
  return `TypeScript ${version}, ${module}${exact}`
}

/** Compiles the files of the folder. Throws with what the compiler says. */
export async function compile(files, { folder, compilers, version, setting, ...options }) {
  const compiler = `${compilers}/node_modules/${nameOf(version)}/bin/tsc`
  const flags = Object.entries({ ...COMMON, ...setting, ...options })
  const args = flags.flatMap(([name, value]) => [`--${name}`, String(value)])
  try {
    await run(process.execPath, [compiler, ...args, ...files], { cwd: folder })
  } catch (error) {
    throw new Error(error.stdout || error.message)
  }
}

function nameOf(version) {
  return `typescript-${version}`
}
