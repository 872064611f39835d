import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Answers } from './clients.ts'

/** Who logs in, where, and for how long. */
export interface Crowd {
  readonly url: string
  readonly clients: number
  readonly seconds: number
}

/** Lets a crowd log in again and again, from a process of its own. Resolves a function that does so. */
export async function startStorm(crowd: Crowd): Promise<() => Promise<Answers>> {
  const child = fork(`${import.meta.dirname}/storm.ts`)
  await once(child, 'message')
  return async () => {
    child.send(crowd)
    const [answers] = await once(child, 'message')
    child.disconnect()
    return answers
  }
}
