import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Effort } from './effort.ts'
import { conditions } from './machine.ts'
import { peerVersions } from './peers.ts'

const FOLDER = `${import.meta.dirname}/../results`
const README = `${import.meta.dirname}/../../README.md`

/** Keeps what a whole run has measured, with what it depends on. A rough run keeps nothing. */
export async function keepResult(
  name: string,
  { isQuick }: Effort,
  figures: unknown,
  charts: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (isQuick) return
  await mkdir(FOLDER, { recursive: true })
  const result = { machine: conditions(), peers: peerVersions(), figures }
  await writeFile(`${FOLDER}/${name}.json`, `${JSON.stringify(result, null, 2)}\n`)
  for (const [chart, svg] of Object.entries(charts)) {
    await writeFile(`${FOLDER}/${chart}.svg`, svg)
  }
}

const BEGIN = '<!-- measured by npm run bench: begin -->'
const END = '<!-- measured by npm run bench: end -->'

/** Puts what a whole run has measured into the README, between its marks. */
export async function summarise({ isQuick }: Effort, summary: string): Promise<void> {
  if (isQuick) return
  const readme = await readFile(README, 'utf8')
  const [before = '', rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`README.md lacks "${BEGIN}" and "${END}".`)
  await writeFile(README, `${before}${BEGIN}\n${summary}\n${END}${after}`)
}
