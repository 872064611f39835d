/**
 * Makes a value when somebody first wants it. For schemas: building them would be much of what an import of ours costs,
 * and no process wants them all, nor at its start.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
