/** What an export holds of each user: the columns of CSV, in their order, and the members of a line of NDJSON. */
export const exportedColumns = [
  'id',
  'email',
  'emailVerified',
  'username',
  'phone',
  'phoneVerified',
  'roles',
  'status',
  'createdAt',
  'updatedAt',
  'profile',
] as const

/** What an import takes besides. */
const importedOnly = ['password', 'passwordHash'] as const

/** Before the name of a member of the profile, in the name of a column. */
export const PROFILE_COLUMN = 'profile.'

/** Whether an import knows what to do with a column of this name. */
export function isKnownColumn(name: string): boolean {
  const known: readonly string[] = [...exportedColumns, ...importedOnly]
  return known.includes(name) || (name.startsWith(PROFILE_COLUMN) && name !== PROFILE_COLUMN)
}
