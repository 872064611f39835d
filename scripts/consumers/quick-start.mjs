import { readFileSync } from 'node:fs'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The app of the README, as it stands there. */
export const quickStart = find(/```js\n(.*?createAuth.*?)```/s)

/** The packages that the README tells to install for it. */
export const quickStartPackages = find(/^npm install (.*express.*)$/m).split(' ')

/** The same app for a project that has no ECMAScript modules. */
export function asCommonJs(program) {
  const required = program
    .replaceAll(/^import (.*?) from ('.*?')$/gm, 'const $1 = require($2)')
    .replace(/\n\n/, '\n\nmain()\n\nasync function main() {\n')
  return `${required}}\n`
}

function find(pattern) {
  const [, found] = pattern.exec(readme) ?? []
  if (found === undefined) throw new Error(`The README has nothing like ${pattern}`)
  return found
}
