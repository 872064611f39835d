import { AuthError, ConfigurationError } from '@latchkey/core'
import { SqlStoreError } from '@latchkey/sql-store'
import type { Application } from './application.ts'
import { startDemo } from './demo.ts'
import { greeting } from './greeting.ts'
import { readSettings, SettingsError } from './settings.ts'

/** Starts the application, and says how to use it or why it did not start; runs until it is told to stop. */
export async function runDemo(app: Application): Promise<void> {
  try {
    const settings = readSettings(process.env, app.folder)
    const demo = await startDemo(app, settings)
    // `once`: who asks a second time does not want to wait.
    process.once('SIGINT', () => void demo.close())
    process.once('SIGTERM', () => void demo.close())
    console.log(greeting(demo.url, settings))
  } catch (error) {
    console.error(explain(error))
    process.exitCode = 1
  }
}

/** One line for whoever starts the demo; what is no fault of theirs stays an exception. */
function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message
  if (error instanceof ConfigurationError) {
    const name = error.option === 'url' ? 'DATABASE_URL' : 'AUTH_SECRET'
    return `${name} is refused: ${error.message}`
  }
  if (error instanceof SqlStoreError) return `DATABASE_URL: ${error.message}.`
  if (error instanceof AuthError) {
    return `DEMO_ADMIN_PASSWORD is refused: ${error.errors[0]?.detail ?? error.code}`
  }
  if (isListenError(error)) {
    const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`
    return `Port ${error.port} ${why}: choose another one with PORT.`
  }
  throw error
}

function isListenError(error: unknown): error is Error & { code: string; port: number } {
  return error instanceof Error && 'code' in error && 'port' in error
}
