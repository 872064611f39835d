import { setTimeout } from 'node:timers/promises'
import { AuthError } from '../errors.ts'

const MAX_ATTEMPTS = 60

/** Tries again while there is too much to do: an import can wait, those who log in meanwhile cannot. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const isOverload = error instanceof AuthError && error.code === 'overloaded'
      if (!isOverload || attempt === MAX_ATTEMPTS) throw error
      await setTimeout((error.retryAfter ?? 1) * 1000)
    }
  }
}
