import type { LoginOrder } from '../logins.ts'
import { rateOf } from '../rounds.ts'

/** Does what the parent asks for, until it is gone. */
export function obey(works: Readonly<Record<LoginOrder['work'], () => Promise<unknown>>>): void {
  process.on('message', async ({ work, seconds, inParallel }: LoginOrder) => {
    process.send?.(await rateOf(seconds, inParallel, works[work]))
  })
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}
