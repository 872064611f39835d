import type { PasswordOptions } from '../options.ts'

/** Give this to `createAuth({ passwords })` in tests: a hash takes microseconds. Never use it for real accounts. */
export const weakPasswords: PasswordOptions = { dangerouslyWeakCost: { memory: 8, passes: 1 } }
