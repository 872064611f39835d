import { sqlStore } from '@latchkey/sql-store'
import { work } from './workload.ts'

// An app under load on the database whose URL is given, until somebody kills it.
const [, , url = ''] = process.argv
process.on('disconnect', () => process.exit())
await work(sqlStore({ url }), (acknowledgement) => process.send?.(acknowledgement))
