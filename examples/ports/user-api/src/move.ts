import { openFromEnvironment } from './from-environment.ts'
import { type OldUser, oldUsers } from './old-users.ts'

const from = process.env.OLD_DATABASE_URL ?? ''
if (from === '') throw new Error('OLD_DATABASE_URL must be sqlite:<file> or mysql://…')

/** The uuid of each row, for the report. */
const uuids: string[] = []
const { auth, store } = await openFromEnvironment()
try {
  const { created, skipped, refused, errors } = await auth.importUsers('system', accounts())
  for (const { row, errors: reasons } of errors) {
    const words = reasons.map(({ pointer, detail }) => `${pointer} ${detail}`)
    console.log(`${uuids[row - 1]}: ${words.join(' ')}`)
  }
  if (refused > errors.length) console.log(`and ${refused - errors.length} more that were refused`)
  console.log(`${created} accounts moved, ${skipped} were here already, ${refused} refused`)
  if (refused > 0) process.exitCode = 1
} finally {
  await auth.close()
  await store.close()
}

async function* accounts() {
  for await (const user of oldUsers(from)) {
    uuids.push(user.uuid)
    if (user.sharesEmail) console.log(`${user.uuid}: without the e-mail address, which others have`)
    yield account(user)
  }
}

/** Nobody has ever proved an address or a number to the old API. */
function account({ uuid, mobile, gender, password, status, createdAt, ...user }: OldUser) {
  return {
    id: uuid,
    username: user.username,
    phone: mobile,
    email: user.sharesEmail ? null : user.email,
    passwordHash: password,
    status: status ? 'active' : 'pending',
    profile: gender === null ? {} : { gender },
    createdAt: createdAt === null ? null : `${createdAt.replace(' ', 'T')}Z`,
  }
}
