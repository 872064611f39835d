import { SqlStoreError, type SqlStoreErrorCode } from '../sql-store-error.ts'

/** What is said when the time is over. */
export interface Overdue {
  readonly code: SqlStoreErrorCode
  readonly message: string
}

/** Resolves as the promise does, or rejects after so many milliseconds. What comes too late is handed to `drop`. */
export function withDeadline<T>(
  promise: Promise<T>,
  milliseconds: number,
  overdue: Overdue,
  drop: (late: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      reject(new SqlStoreError(overdue.code, overdue.message))
    }, milliseconds)
    promise.then(
      (value) => {
        clearTimeout(timer)
        if (late) drop(value)
        else resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
