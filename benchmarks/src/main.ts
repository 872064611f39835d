import { readEffort } from './effort.ts'
import { flows } from './flows.ts'
import { importTime } from './import-time.ts'
import { conditions } from './machine.ts'
import { protectedRoute } from './protected-route.ts'

const effort = readEffort(process.argv.slice(2))
console.log(`${conditions()}\n`)
for (const measure of [protectedRoute, flows, importTime]) console.log(`${await measure(effort)}\n`)
