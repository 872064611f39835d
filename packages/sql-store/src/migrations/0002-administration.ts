import { addToTable, type TableAddition } from './add-to-table.ts'
import type { Ground } from './create-table.ts'

/** Lists of users and of events, accounts that are to be deleted, sessions in another's name. */
export async function administration(ground: Ground): Promise<void> {
  // PostgreSQL lets nobody read a table from when it gets a column until all is done: that one comes last.
  for (const addition of [users, events, sessions]) await addToTable(ground, addition)
}

const sessions: TableAddition = { name: 'sessions', columns: { actor_session_id: 'id?' } }

// Of users who are not deleted: so says every query that lists them.
const users: TableAddition = {
  name: 'users',
  indexes: {
    created: {
      columns: ['created_at', 'id'],
      where: "status <> 'deleted'",
      mysql: ['created_at', 'id'],
    },
    status_created: { columns: ['status', 'created_at', 'id'] },
    status_email: { columns: ['status', 'email'], where: 'email is not null' },
    status_username: { columns: ['status', 'username'], where: 'username is not null' },
    status_phone: { columns: ['status', 'phone'], where: 'phone is not null' },
    role_sets: {
      columns: ['roles'],
      where: "status <> 'deleted'",
      postgres: 'using gin (roles)',
      mysql: ['role_set'],
    },
    due: {
      columns: ['delete_after'],
      where: "delete_after is not null and status <> 'deleted'",
    },
  },
}

const events: TableAddition = {
  name: 'events',
  mysqlColumns: {
    // MySQL has no index on text without end.
    type_key: 'varchar(64) generated always as (left(type, 64)) virtual',
  },
  indexes: {
    actor: {
      columns: ['actor_id', 'at desc', 'id desc'],
      where: 'actor_id is not null',
      mysql: ['actor_id', 'at', 'id'],
    },
    type: { columns: ['type', 'at desc', 'id desc'], mysql: ['type_key', 'at', 'id'] },
  },
}
