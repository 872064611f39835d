/**
 * Makes a value when somebody first wants it. For schemas of options and of answers: building them is much of what an
 * import of ours would cost, and they are not wanted by every process, nor at its start.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
