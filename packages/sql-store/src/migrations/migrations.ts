import { firstTables } from './0001-first-tables.ts'
import { administration } from './0002-administration.ts'
import type { Ground } from './create-table.ts'

/**
 * All migrations, in order. Numbered, and only forward: what was released is never changed, and what is added leaves
 * the version before able to work on the new tables, so that a deployment can go node by node.
 */
export const migrations: Readonly<Record<string, (ground: Ground) => Promise<void>>> = {
  '0001-first-tables': firstTables,
  '0002-administration': administration,
}
