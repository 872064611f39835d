import type { IdentifierKind } from './records.ts'

/** An identifier (or id) that already belongs to somebody. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly field: IdentifierKind | 'id'

  constructor(field: IdentifierKind | 'id') {
    super(`${field} is already taken`)
    this.field = field
  }
}

/** What was taken, if that is what the error says; `null` for every other error. Copies of this package may differ. */
export function takenField(error: unknown): UniqueViolation['field'] | null {
  const violation = error instanceof Error && error.name === 'UniqueViolation'
  return violation && 'field' in error ? (error as UniqueViolation).field : null
}
