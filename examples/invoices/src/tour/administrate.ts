import { ADMIN_EMAIL } from '../administrator.ts'
import { logIn, type Tokens } from './log-in.ts'
import type { Traveller } from './traveller.ts'

/** What users may not see and the administrator may; resolves the administrator's tokens. */
export async function administrate(
  traveller: Traveller,
  user: Tokens,
  adminPassword: string,
): Promise<Tokens> {
  const request = 'GET /admin/invoices'
  await traveller.visit({
    title: "See everybody's invoices as a user: refused",
    request,
    bearer: user.access,
    expect: '403 forbidden',
  })
  const admin = await logIn(traveller, ADMIN_EMAIL, adminPassword, 'Log in as the administrator')
  await traveller.visit({
    title: "See everybody's invoices as the administrator",
    request,
    bearer: admin.access,
    expect: '200',
  })
  return admin
}
