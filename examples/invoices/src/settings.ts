import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

/** What the environment says, with every default filled in. */
export interface Settings {
  readonly port: number
  readonly secret: string
  readonly secretIsRandom: boolean
  readonly adminPassword: string
  /** Where the accounts are kept. */
  readonly databaseUrl: string
}

/** The environment says something that cannot be. The message is for whoever starts the demo. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * Reads `PORT`, `AUTH_SECRET`, `DEMO_ADMIN_PASSWORD` and `DATABASE_URL`; an empty one is as good as none. Without the
 * last one, accounts are kept in a file in the folder.
 */
export function readSettings(env: NodeJS.ProcessEnv, folder: string): Settings {
  return {
    port: readPort(env.PORT || '3000'),
    secret: env.AUTH_SECRET || randomBytes(32).toString('base64url'),
    secretIsRandom: !env.AUTH_SECRET,
    adminPassword: env.DEMO_ADMIN_PASSWORD || randomBytes(12).toString('base64url'),
    databaseUrl: env.DATABASE_URL || `sqlite:${join(folder, 'demo.db')}`,
  }
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new SettingsError(`PORT must be a whole number from 0 to 65535, not "${text}".`)
}
