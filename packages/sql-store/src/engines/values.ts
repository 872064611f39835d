/** Whether a value of a statement is JSON: all that is an object and no date. */
export function isJson(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

/** Makes a value of what a driver may or may not have parsed. */
export function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}
