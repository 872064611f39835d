import { randomBytes } from 'node:crypto'
import type { Application } from './application.ts'
import { startDemo } from './demo.ts'
import { readSettings, SettingsError } from './settings.ts'
import { travel } from './tour/travel.ts'
import { createTraveller, Detour } from './tour/traveller.ts'

/** Tours the demo that `DEMO_URL` names, else the application in a demo of its own, and prints every step. */
export async function takeTour(app: Application): Promise<void> {
  const { DEMO_URL, DEMO_ADMIN_PASSWORD } = process.env
  try {
    if (DEMO_URL) await tour(DEMO_URL, DEMO_ADMIN_PASSWORD ?? '')
    else await tourOfOurOwn(app)
  } catch (error) {
    if (!(error instanceof Detour || error instanceof SettingsError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

async function tourOfOurOwn(app: Application): Promise<void> {
  // A database of its own, unless one is named: gone at the end.
  const env = { DATABASE_URL: 'sqlite::memory:', ...process.env, PORT: '0' }
  const settings = readSettings(env, app.folder)
  const demo = await startDemo(app, settings)
  await tour(demo.url, settings.adminPassword).finally(demo.close)
}

async function tour(url: string, adminPassword: string): Promise<void> {
  console.log(`The life of an account on ${url}\n`)
  const traveller = createTraveller(url, console.log, [adminPassword])
  // New addresses each time: the demo that DEMO_URL names may have seen a tour before.
  const tag = randomBytes(4).toString('hex')
  const answers = await travel(traveller, {
    email: `ada-${tag}@example.com`,
    newEmail: `ada-${tag}@example.org`,
    guestEmail: `grace-${tag}@example.com`,
    adminPassword,
  })
  console.log(`All ${answers} answers were as expected.`)
}
