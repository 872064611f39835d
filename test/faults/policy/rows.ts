import { clockRows } from './clock-rows.ts'
import { limitRows } from './limit-rows.ts'
import { partRows } from './part-rows.ts'
import { passwordRows } from './password-rows.ts'
import type { PolicyRow } from './policy-row.ts'
import { revocationRows } from './revocation-rows.ts'
import { storeRows } from './store-rows.ts'

/** Every row of the table, in its order. */
export const rows: readonly PolicyRow[] = [
  ...storeRows,
  ...partRows,
  ...passwordRows,
  ...limitRows,
  ...clockRows,
  ...revocationRows,
]
