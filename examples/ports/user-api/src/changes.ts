import { authOf, clientOf } from '@latchkey/koa-adapter'
import type { Context } from 'koa'
import { success, type UserAuth } from './accounts.ts'

/**
 * What the owner wants changed. Another address or number is the account's when its code comes back; all else is
 * written last, in one write: whatever is refused, nothing has changed yet, though a code may have gone out.
 */
export async function changeOwn(auth: UserAuth, ctx: Context) {
  const [me, client] = [authOf<UserAuth>(ctx), clientOf(auth, ctx)]
  const { email, mobile: phone, username, old_password: currentPassword } = Object(ctx.request.body)
  const before = await me.loadUser()
  const sentTo = []
  if (isOther(email, before.email)) {
    await auth.changeEmail(me, { email, currentPassword }, client)
    sentTo.push('email')
  }
  if (isOther(phone, before.phone)) {
    await auth.changePhone(me, { phone, currentPassword }, client)
    sentTo.push('mobile')
  }
  const rest = { username: username ?? undefined, profile: profileIn(ctx), currentPassword }
  const after = await auth.updateAccount(me, rest, client)
  if (sentTo.length === 0) return success(after)
  return success(after, `Success! Confirm the new ${sentTo.join(' and ')} by the code sent there.`)
}

/** What an administrator wants changed: it is so at once, and nobody has proved it. */
export async function changeOther(auth: UserAuth, ctx: Context, userId: string) {
  const { email, mobile: phone, username } = Object(ctx.request.body)
  const changes = {
    email: email ?? undefined,
    phone: phone ?? undefined,
    username: username ?? undefined,
    profile: profileIn(ctx),
  }
  return success(await auth.updateUser(authOf(ctx), userId, changes, clientOf(auth, ctx)))
}

/** A client may send back all that it was shown, `null` for what there is not. */
function isOther(wanted: string | null | undefined, current: string | null): wanted is string {
  return wanted != null && wanted !== current
}

/** Here `null` is a value: it takes away the gender that was there. */
function profileIn(ctx: Context): { readonly gender: string | null } | undefined {
  const { gender } = Object(ctx.request.body)
  return gender === undefined ? undefined : { gender }
}
