import type { DatabaseSync } from 'node:sqlite'
import { HttpError } from './errors.ts'

/** What members say of themselves. */
interface Profile {
  readonly displayName: string
  readonly team: string
}

interface NewMember extends Profile {
  readonly email: string
}

export interface Member extends NewMember {
  readonly id: number
}

export interface MemberTable {
  /** Everybody, by name. */
  all(): readonly Member[]
  get(id: string): Member
  add(member: NewMember): Member
  change(id: string, profile: Profile): Member
}

const COLUMNS = 'id, email, display_name as displayName, team'

export function memberTable(database: DatabaseSync): MemberTable {
  const one = (sql: string, ...values: string[]) =>
    database.prepare(sql).get(...values) as Member | undefined
  return {
    all: () =>
      database.prepare(`select ${COLUMNS} from members order by display_name`).all() as never[],
    get: (id) =>
      one(`select ${COLUMNS} from members where id = ?`, id) ??
      refuse(404, 'There is no such member.'),
    add: ({ email, displayName, team }) =>
      one(
        `insert into members (email, display_name, team) values (?, ?, ?)
        on conflict do nothing returning ${COLUMNS}`,
        email,
        displayName,
        team,
      ) ?? refuse(409, 'This address is in the directory already.'),
    change: (id, { displayName, team }) =>
      one(
        `update members set display_name = ?, team = ? where id = ? returning ${COLUMNS}`,
        displayName,
        team,
        id,
      ) ?? refuse(404, 'There is no such member.'),
  }
}

export function readMember(body: unknown): NewMember {
  return { ...readProfile(body), email: readLine(body, 'email') }
}

export function readProfile(body: unknown): Profile {
  return { displayName: readLine(body, 'displayName'), team: readLine(body, 'team') }
}

function readLine(body: unknown, name: string): string {
  const value: unknown = Object(body)[name]
  const text = typeof value === 'string' ? value.trim() : ''
  return /^[^\p{Cc}]{1,100}$/u.test(text)
    ? text
    : refuse(400, `Give "${name}" as one line of at most 100 characters.`)
}

function refuse(status: number, message: string): never {
  throw new HttpError(status, message)
}
