/** Stands in a statement for a value that is not known yet. */
class Parameter {
  readonly name: PropertyKey

  constructor(name: PropertyKey) {
    this.name = name
  }
}

/**
 * An input that has every member, each a {@link Parameter}. A query that is built with it is compiled once, and run with
 * the values of each call.
 */
export function parameters<Input extends object>(): Input {
  const placeholders = new Proxy({}, { get: (_, name) => new Parameter(name) })
  // To the builder of the query a placeholder is a value of the member's type.
  return placeholders as Input
}

/** The values in the order of the statement. */
export function bind(slots: readonly unknown[], input: object): unknown[] {
  return slots.map((slot) => (slot instanceof Parameter ? Reflect.get(input, slot.name) : slot))
}
