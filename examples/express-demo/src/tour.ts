import { randomBytes } from 'node:crypto'
import { startDemo } from './demo.ts'
import { readSettings, SettingsError } from './settings.ts'
import { travel } from './tour/travel.ts'
import { createTraveller, Detour } from './tour/traveller.ts'

const { DEMO_URL, DEMO_ADMIN_PASSWORD } = process.env

try {
  if (DEMO_URL) await tour(DEMO_URL, DEMO_ADMIN_PASSWORD ?? '')
  else await tourOfOurOwn()
} catch (error) {
  if (!(error instanceof Detour || error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function tourOfOurOwn(): Promise<void> {
  // A database of its own, unless one is named: gone at the end.
  const settings = readSettings({ DATABASE_URL: 'sqlite::memory:', ...process.env, PORT: '0' })
  const demo = await startDemo(settings)
  await tour(demo.url, settings.adminPassword).finally(demo.close)
}

async function tour(url: string, adminPassword: string): Promise<void> {
  console.log(`The life of an account on ${url}\n`)
  const traveller = createTraveller(url, console.log, [adminPassword])
  // A new address each time: the demo that DEMO_URL names may have seen a tour before.
  const email = `ada-${randomBytes(4).toString('hex')}@example.com`
  const answers = await travel(traveller, { email, adminPassword })
  console.log(`All ${answers} answers were as expected.`)
}
