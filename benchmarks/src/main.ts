import { type Effort, readArguments } from './effort.ts'
import { feed } from './feed.ts'
import { firstSight } from './first-sight.ts'
import { flows } from './flows.ts'
import { growth } from './growth.ts'
import { hotVerbs } from './hot-verbs.ts'
import { importTime } from './import-time.ts'
import { limiterKeys } from './limiter-keys.ts'
import { loginStorm } from './login-storm.ts'
import { logins } from './logins.ts'
import { logout } from './logout.ts'
import { conditions } from './machine.ts'
import { memory } from './memory.ts'
import { protectedRoute } from './protected-route.ts'
import { statements } from './statements.ts'
import { timing } from './timing.ts'
import { transfer } from './transfer.ts'

type Section =
  | 'protected-route'
  | 'logout'
  | 'flows'
  | 'logins'
  | 'first-sight'
  | 'memory'
  | 'feed'
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
  logout,
  flows,
  logins,
  'first-sight': firstSight,
  memory,
  feed,
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
