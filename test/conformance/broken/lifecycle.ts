import { type BrokenStore, broken, tick } from './broken-store.ts'

export const brokenLifecycles: readonly BrokenStore[] = [
  broken('is never ready', 'the store > answers that it is ready', () => ({
    ready: () => Promise.reject(new Error('connection refused')),
  })),

  broken('cannot be closed twice', 'the store > may be closed twice', () => ({
    close: closeOnce(async () => {}),
  })),

  broken(
    'cannot be closed twice at once',
    'the store > may be closed twice at once, and without having been used',
    () => ({ close: closeOnce(tick) }),
  ),
]

function closeOnce(release: () => Promise<void>): () => Promise<void> {
  let closed = false
  return async () => {
    if (closed) throw new Error('Called end on pool more than once')
    closed = true
    await release()
  }
}
