import type {
  Channel,
  IdentifierKind,
  RevocationReason,
  TokenPurpose,
  UserStatus,
} from '../../records.ts'

/** A member that is new does not compile until it stands below, and then every store is tried with it. */
function membersOf<Union extends string>(
  members: {
    readonly [Member in Union]: Member
  },
): readonly Union[] {
  return Object.values(members)
}

export const KINDS = membersOf<IdentifierKind>({
  email: 'email',
  username: 'username',
  phone: 'phone',
})

export const STATUSES = membersOf<UserStatus>({
  pending: 'pending',
  active: 'active',
  disabled: 'disabled',
  deleted: 'deleted',
})

export const PURPOSES = membersOf<TokenPurpose>({
  activate: 'activate',
  reset_password: 'reset_password',
  change_email: 'change_email',
  undo_email_change: 'undo_email_change',
  change_phone: 'change_phone',
  invite: 'invite',
})

export const CHANNELS = membersOf<Channel>({ email: 'email', sms: 'sms' })

export const REASONS = membersOf<RevocationReason>({
  logout: 'logout',
  revoked: 'revoked',
  ended_by_user: 'ended_by_user',
  evicted: 'evicted',
  password_changed: 'password_changed',
  password_reset: 'password_reset',
  refresh_reuse: 'refresh_reuse',
  address_restored: 'address_restored',
  ended_by_administrator: 'ended_by_administrator',
  disabled: 'disabled',
  deleted: 'deleted',
  restored_from_backup: 'restored_from_backup',
})
