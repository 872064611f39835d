import type { Address } from './messages.ts'
import type { Channel, User } from './records.ts'

/** The user's e-mail address, or else phone number: where messages reach them; `null` when nothing does. */
export function addressOf(user: User): Address | null {
  return addressOn(user, 'email') ?? addressOn(user, 'sms')
}

/** The user's address on this channel. */
export function addressOn(user: User, channel: Channel): Address | null {
  const canonical = channel === 'email' ? user.email : user.phone
  if (canonical === null) return null
  const asTyped = channel === 'email' ? (user.emailAsTyped ?? canonical) : canonical
  return { channel, canonical, asTyped }
}

/** What a proof of the address on this channel says of it. */
export function provedOn(
  channel: Channel,
  at: Date,
): Pick<User, 'emailVerifiedAt'> | Pick<User, 'phoneVerifiedAt'> {
  return channel === 'email' ? { emailVerifiedAt: at } : { phoneVerifiedAt: at }
}
