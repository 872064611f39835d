import type { Store } from '../../store.ts'
import { idNumber } from './records.ts'

/** As many calls as a store must stand at once. */
export const MANY = 50

export function fifty<T>(make: (index: number) => T): T[] {
  return Array.from({ length: MANY }, (_, index) => make(index))
}

type Call<Contender, T> = (contender: Contender, index: number) => Promise<T>

/** All contenders call at once; resolves what each of them got. */
export async function race<Contender, T>(
  store: Store,
  contenders: readonly Contender[],
  call: Call<Contender, T>,
): Promise<T[]> {
  const { resolved, reasons } = await raceToReject(store, contenders, call)
  if (reasons.length > 0) throw reasons[0]
  return resolved
}

/** Like {@link race}, for calls of which some are meant to reject. */
export async function raceToReject<Contender, T>(
  store: Store,
  contenders: readonly Contender[],
  call: Call<Contender, T>,
): Promise<{ resolved: T[]; reasons: unknown[] }> {
  const barrier = Promise.withResolvers<void>()
  const calls = contenders.map(async (contender, index) => {
    await barrier.promise
    return call(contender, index)
  })
  await openConnections(store)
  barrier.resolve()
  // Until the last has ended: nothing runs on into the next case.
  const results = await Promise.allSettled(calls)
  return {
    resolved: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    reasons: results.flatMap((result): unknown[] =>
      result.status === 'rejected' ? [result.reason] : [],
    ),
  }
}

/** Else those who have to wait for a connection to open start when the first are done, and nobody races. */
async function openConnections(store: Store): Promise<void> {
  await Promise.all(fifty((index) => store.users.find(idNumber(index))))
}
