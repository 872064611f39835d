import { createRequire } from 'node:module'
import { ConfigurationError } from '@latchkey/core'

const require = createRequire(import.meta.url)

/** Loads the driver of a database, which the application installs. Throws what to install when it is not there. */
export function loadDriver<Driver>(name: 'pg' | 'mysql2', database: string): Driver {
  try {
    return require(name) as Driver
  } catch (cause) {
    if (Object(cause).code !== 'MODULE_NOT_FOUND') throw cause
    const remedy = `is of ${database}, for which the package ${name} is not installed: run npm install ${name}`
    throw new ConfigurationError('sqlStore', 'url', remedy)
  }
}
