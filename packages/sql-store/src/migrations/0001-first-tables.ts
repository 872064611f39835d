import { createTable, type Ground, type TableDefinition } from './create-table.ts'

/** Users, sessions, one-time tokens, events. There are no foreign keys: an activation token is older than its user. */
export async function firstTables(ground: Ground): Promise<void> {
  for (const table of [users, sessions, oneTimeTokens, events]) await createTable(ground, table)
}

const users: TableDefinition = {
  name: 'users',
  columns: {
    id: 'id',
    email: 'key?',
    email_as_typed: 'text?',
    email_verified_at: 'time?',
    username: 'key?',
    username_as_typed: 'text?',
    phone: 'key?',
    phone_verified_at: 'time?',
    password_hash: 'text?',
    roles: 'json',
    status: 'key',
    credential_epoch: 'integer',
    claims_version: 'integer',
    failed_logins: 'integer',
    locked_until: 'time?',
    leaving_admin: 'flag',
    delete_after: 'time?',
    profile: 'json',
    created_at: 'time',
    updated_at: 'time',
    version: 'integer',
    changed_at: 'moment?',
  },
  mysqlColumns: {
    role_set: 'binary(32) generated always as (unhex(sha2(roles, 256))) stored',
  },
  primaryKey: ['id'],
  unique: { email: ['email'], username: ['username'], phone: ['phone'] },
  indexes: {
    // Who has a role: by the roles in a set, or else by whole sets (see `administrators.ts`).
    roles: {
      columns: ['roles'],
      where: "status = 'active'",
      postgres: 'using gin (roles)',
      mysql: ['status', 'role_set'],
    },
    pending: {
      columns: ['updated_at'],
      where: "status = 'pending'",
      mysql: ['status', 'updated_at'],
    },
    deleted: { columns: ['updated_at'], where: "status = 'deleted'", mysql: null },
    changed: { columns: ['changed_at'], where: 'changed_at is not null' },
  },
}

const sessions: TableDefinition = {
  name: 'sessions',
  columns: {
    id: 'id',
    user_id: 'id',
    salt: 'text',
    generation: 'integer',
    parent_generation: 'integer?',
    recent: 'json',
    confirmed_generation: 'integer',
    burnt_below: 'integer',
    credential_epoch: 'integer',
    auth_time: 'time',
    amr: 'json',
    actor_id: 'id?',
    device: 'json',
    created_at: 'time',
    last_seen_at: 'time',
    idle_expires_at: 'time',
    absolute_expires_at: 'time',
    revoked_at: 'time?',
    revoked_reason: 'text?',
    changed_at: 'moment?',
  },
  primaryKey: ['id'],
  unique: {},
  indexes: {
    live: {
      columns: ['user_id', 'created_at desc', 'id desc'],
      where: 'revoked_at is null',
      mysql: ['user_id', 'revoked_at', 'created_at', 'id'],
    },
    revoked: { columns: ['revoked_at'], where: 'revoked_at is not null' },
    idle: { columns: ['idle_expires_at'] },
    absolute: { columns: ['absolute_expires_at'] },
    changed: { columns: ['changed_at'], where: 'changed_at is not null' },
  },
}

const oneTimeTokens: TableDefinition = {
  name: 'one_time_tokens',
  columns: {
    id: 'id',
    user_id: 'id',
    purpose: 'key',
    slot: 'key',
    channel: 'text',
    link_hash: 'key',
    code_hash: 'text?',
    code_expires_at: 'time?',
    attempts_left: 'integer',
    proves: 'text',
    credential_epoch: 'integer',
    created_at: 'time',
    expires_at: 'time',
    data: 'json',
  },
  primaryKey: ['user_id', 'purpose', 'slot'],
  unique: { link: ['link_hash'] },
  indexes: { expiry: { columns: ['expires_at'] } },
}

const events: TableDefinition = {
  name: 'events',
  columns: {
    id: 'id',
    at: 'time',
    type: 'text',
    outcome: 'text',
    user_id: 'id?',
    actor_id: 'id?',
    session_id: 'id?',
    ip: 'text?',
    user_agent: 'text?',
    data: 'json',
  },
  primaryKey: ['id'],
  unique: {},
  indexes: {
    page: { columns: ['at desc', 'id desc'], mysql: ['at', 'id'] },
    user: { columns: ['user_id', 'at desc', 'id desc'], mysql: ['user_id', 'at', 'id'] },
  },
}
