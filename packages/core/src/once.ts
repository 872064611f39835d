/** Makes a value when somebody first wants it: building schemas is most of what an import of ours would cost. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
