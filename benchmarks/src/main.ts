import { type Effort, readArguments } from './effort.ts'
import { flows } from './flows.ts'
import { growth } from './growth.ts'
import { hotVerbs } from './hot-verbs.ts'
import { importTime } from './import-time.ts'
import { conditions } from './machine.ts'
import { protectedRoute } from './protected-route.ts'
import { statements } from './statements.ts'
import { transfer } from './transfer.ts'

type Section =
  | 'protected-route'
  | 'flows'
  | 'import-time'
  | 'hot-verbs'
  | 'growth'
  | 'statements'
  | 'transfer'

const measures: Readonly<Record<Section, (effort: Effort) => Promise<string>>> = {
  'protected-route': protectedRoute,
  flows,
  'import-time': importTime,
  'hot-verbs': hotVerbs,
  growth,
  statements,
  transfer,
}

const known = Object.keys(measures) as Section[] // it has no others
const { sections, effort } = readArguments(process.argv.slice(2), known)
console.log(`${conditions()}\n`)
for (const section of sections) console.log(`${await measures[section](effort)}\n`)
