import { ADMIN_EMAIL } from './administrator.ts'
import type { Settings } from './settings.ts'

/** What the terminal shows once the demo is up. The commands work as they are printed. */
export function greeting(
  url: string,
  { secretIsRandom, adminPassword, databaseUrl }: Settings,
): string {
  const registration = { email: 'ada@example.com', password: 'correct horse battery' }
  const adminLogin = { identifier: ADMIN_EMAIL, password: adminPassword }
  return [
    `The invoices demo is on ${url}`,
    '',
    `Accounts are kept in ${placeOf(databaseUrl)}; invoices and messages are gone when the demo stops.`,
    ...(secretIsRandom
      ? ['AUTH_SECRET is not set: this start has a random one, and everybody has to log in again.']
      : []),
    `The administrator is ${ADMIN_EMAIL} with the password ${adminPassword}`,
    '',
    'Register:',
    `  ${curlPost(`${url}/auth/register`, registration)}`,
    'Read the messages that would have been sent:',
    `  curl ${url}/outbox`,
    'Log in as the administrator:',
    `  ${curlPost(`${url}/auth/login`, adminLogin)}`,
    `In a browser, the administrator sees all accounts on ${url}/accounts`,
    '',
    'Ctrl-C stops it.',
  ].join('\n')
}

/** The file, or the server and the database, without the credentials. */
function placeOf(databaseUrl: string): string {
  return databaseUrl.replace(/^sqlite:/, '').replace(/\/\/[^/]*@/, '//')
}

function curlPost(url: string, body: object): string {
  return `curl -i ${url} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
