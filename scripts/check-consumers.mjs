#!/usr/bin/env node
// Installs the packed packages with npm into empty projects outside the repository, as their users do, and
// uses them there: in JavaScript on several versions of Node.js, in TypeScript of several versions. Build first.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  commandChecks,
  declarationChecks,
  expressChecks,
  otherHostChecks,
  runtimeChecks,
} from './consumers/checks.mjs'
import { inTurn } from './consumers/in-turn.mjs'
import { startFetchingNodes, startInstalling } from './consumers/projects.mjs'
import { RegistryUnreachable, stopInstalling } from './npm-project.mjs'
import { packPackages } from './packed-packages.mjs'

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'consumers-'))
try {
  process.exitCode = await checkConsumers()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  stopInstalling()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
// Checks that still wait for a project would only repeat what was said.
process.exit()

async function checkConsumers() {
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  const packages = await packPackages(tarballs)
  const projects = startInstalling(packages, folder)
  const nodes = startFetchingNodes(packages)
  const kinds = [runtimeChecks, commandChecks, declarationChecks, expressChecks, otherHostChecks]
  const checks = kinds.flatMap((kind) => kind({ packages, projects, nodes }))

  const turn = inTurn(availableParallelism())
  const failures = await Promise.all(checks.map((each) => turn(() => attempt(each))))
  const failed = failures.filter((failure) => failure !== null)
  for (const [text, those] of Map.groupBy(failed, (each) => each.text)) {
    console.error(['', ...those.map(({ title }) => `failed: ${title}`), text].join('\n'))
  }
  console.log(`\n${checks.length - failed.length} of ${checks.length} consumers work`)
  return failed.length === 0 ? 0 : 1
}

async function attempt({ title, check }) {
  try {
    await check()
    console.log(`ok      ${title}`)
    return null
  } catch (error) {
    if (error instanceof RegistryUnreachable) throw error
    console.log(`FAILED  ${title}`)
    return { title, text: [error.message, error.stdout, error.stderr].join('\n').trim() }
  }
}
