import pg from 'pg'
import type { Fill } from './fill.ts'
import { differences, type Kind, type Plan, type Spelling } from './plan.ts'

/** Copies the first row of each table. */
export const fillPostgres: Fill = async (url, plan) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('set synchronous_commit = off')
    for (const [table, different] of Object.entries(differences(plan, spellingOf(plan)))) {
      const { fields } = await client.query(`select * from ${table} limit 0`)
      const columns = fields.map(({ name }) => name)
      const values = columns.map((name) => different[name] ?? `first.${name}`)
      await client.query(`insert into ${table} (${columns.join(', ')}) select ${values.join(', ')}
        from ${table} as first, generate_series(1::bigint, ${plan.size - 1}) as n`)
      await client.query(`vacuum analyze ${table}`)
    }
    // So that it is not done while the clock runs. Only some users may; for the others it is.
    await client.query('checkpoint').catch(() => {})
    const { rows } = await client.query(`select current_setting('shared_buffers') as buffers,
      pg_database_size(current_database())::float as bytes`)
    const [{ buffers, bytes }] = rows
    return { megabytes: bytes / 1e6, cache: `shared_buffers ${buffers}` }
  } finally {
    await client.end()
  }
}

/** The same words as those of `idOf` and `saltOf`. */
function spellingOf({ start, step }: Plan): Spelling {
  const time = `lpad(to_hex(${start} + n * ${step}), 12, '0')`
  const digest = (kind: Kind | 'salt') => `md5('${kind} ' || n)`
  return {
    id: (kind) =>
      `concat_ws('-', left(${time}, 8), substr(${time}, 9), '7' || left(${digest(kind)}, 3),
        '8' || substr(${digest(kind)}, 4, 3), substr(${digest(kind)}, 7, 12))`,
    salt: `left(${digest('salt')}, 22)`,
    time: (milliseconds) => `to_timestamp((${milliseconds}) / 1000.0)`,
  }
}
