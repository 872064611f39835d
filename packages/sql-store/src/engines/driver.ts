import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Loads the driver of a database, which the application installs. Throws what to install when it is not there. */
export function loadDriver<Driver>(name: 'pg' | 'mysql2', database: string): Driver {
  try {
    return require(name) as Driver
  } catch (cause) {
    throw new TypeError(
      `sqlStore: ${database} needs the package ${name}, which is not installed. Run: npm install ${name}`,
      { cause },
    )
  }
}
