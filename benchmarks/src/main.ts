import { type Effort, readArguments } from './effort.ts'
import { flows } from './flows.ts'
import { growth } from './growth.ts'
import { hotVerbs } from './hot-verbs.ts'
import { importTime } from './import-time.ts'
import { limiterKeys } from './limiter-keys.ts'
import { loginStorm } from './login-storm.ts'
import { conditions } from './machine.ts'
import { protectedRoute } from './protected-route.ts'
import { statements } from './statements.ts'
import { timing } from './timing.ts'
import { transfer } from './transfer.ts'

type Section =
  | 'protected-route'
  | 'flows'
  | 'login-storm'
  | 'import-time'
  | 'limits'
  | 'hot-verbs'
  | 'growth'
  | 'statements'
  | 'timing'
  | 'transfer'

const measures: Readonly<Record<Section, (effort: Effort) => Promise<string>>> = {
  'protected-route': protectedRoute,
  flows,
  'login-storm': loginStorm,
  'import-time': importTime,
  limits: limiterKeys,
  'hot-verbs': hotVerbs,
  growth,
  statements,
  timing,
  transfer,
}

const known = Object.keys(measures) as Section[] // it has no others
const { sections, effort } = readArguments(process.argv.slice(2), known)
console.log(`${conditions()}\n`)
for (const section of sections) console.log(`${await measures[section](effort)}\n`)
