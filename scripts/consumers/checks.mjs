import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { entriesOf } from '../packed-packages.mjs'
import { journey } from './journey.mjs'
import { asCommonJs, quickStart } from './quick-start.mjs'
import { combinations, compile, titleOf } from './typescript.mjs'

const OTHER_APPS = {
  'koa-app': new URL('./koa-app.ts', import.meta.url),
  'fetch-app': new URL('./fetch-app.ts', import.meta.url),
}

const run = promisify(execFile)

/** The quick start in JavaScript, and every entry alone, on each Node.js. */
export function runtimeChecks({ nodes, projects, packages }) {
  const entries = packages.flatMap(entriesOf)
  return nodes.flatMap(({ version, program }) => [
    {
      title: `Node.js ${version}: the quick start as an ECMAScript module`,
      check: async () => walkWritten('app.mjs', quickStart, await projects.plain, await program),
    },
    {
      title: `Node.js ${version}: the quick start with require`,
      check: async () =>
        walkWritten('app.cjs', asCommonJs(quickStart), await projects.plain, await program),
    },
    {
      title: `Node.js ${version}: every entry can be imported and required, without a framework`,
      check: async () => loadEntries(entries, await projects.bare, await program),
    },
  ])
}

/** The command that comes with a package, as npx finds it. */
export function commandChecks({ projects }) {
  return [
    {
      title: 'The command latchkey migrates a database, and then finds it up to date',
      check: async () => {
        const folder = await projects.plain
        const options = {
          cwd: folder,
          env: { ...process.env, DATABASE_URL: 'sqlite:./command.db' },
        }
        for (const word of ['migrate', 'status']) {
          await run(`${folder}/node_modules/.bin/latchkey`, [word], options)
        }
      },
    },
  ]
}

/** Every entry's declarations, with nothing installed but our packages and the types of Node.js. */
export function declarationChecks({ projects, packages }) {
  const lines = packages
    .flatMap(entriesOf)
    .map((entry, at) => `export * as entry${at} from '${entry}'\n`)
  return combinations(2).map((combination) => ({
    title: `${titleOf(combination)}: the declarations of every entry, alone`,
    check: async () => {
      const [folder, compilers] = await Promise.all([projects.bare, projects.compilers])
      writeFileSync(`${folder}/entries.ts`, lines.join(''))
      await compile(['entries.ts'], { ...combination, folder, compilers, noEmit: true })
    },
  }))
}

/** The quick start in TypeScript, compiled and run. */
export function expressChecks({ projects }) {
  const withExpress5 = combinations(2).map((combination) => ({ ...combination, express: 5 }))
  const withExpress4 = { ...withExpress5.at(-1), express: 4 }
  return [...withExpress5, withExpress4].map(({ express, ...combination }) => ({
    title: `${titleOf(combination)}: the quick start, Express ${express}`,
    check: async () => {
      const folder = await projects[`express${express}`]
      writeFileSync(`${folder}/app.ts`, quickStart)
      await compileAndWalk(['app'], { ...combination, folder, compilers: await projects.compilers })
    },
  }))
}

/** The same app on Koa, and on the Fetch API. */
export function otherHostChecks({ projects }) {
  return combinations(1).map((combination) => ({
    title: `${titleOf(combination)}: the same on Koa and on the Fetch API`,
    check: async () => {
      const folder = await projects.others
      for (const [name, file] of Object.entries(OTHER_APPS)) cpSync(file, `${folder}/${name}.ts`)
      await compileAndWalk(Object.keys(OTHER_APPS), {
        ...combination,
        folder,
        compilers: await projects.compilers,
      })
    },
  }))
}

async function walkWritten(file, program, folder, node) {
  writeFileSync(`${folder}/${file}`, program)
  await journey(file, { node, folder })
}

async function loadEntries(entries, folder, node) {
  const names = JSON.stringify(entries)
  const programs = {
    'entries.mjs': `for (const name of ${names}) await import(name)`,
    'entries.cjs': `for (const name of ${names}) require(name)`,
  }
  for (const [file, program] of Object.entries(programs)) {
    writeFileSync(`${folder}/${file}`, program)
    await run(node, [file], { cwd: folder })
  }
}

async function compileAndWalk(names, { folder, ...combination }) {
  const outDir = `built-${titleOf(combination).replaceAll(/\W+/g, '-')}`
  const files = names.map((name) => `${name}.ts`)
  await compile(files, { ...combination, folder, rootDir: '.', outDir })
  for (const name of names) await journey(`${outDir}/${name}.js`, { folder })
}
