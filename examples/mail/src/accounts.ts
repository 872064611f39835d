import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import * as z from 'zod'
import { messages } from './messages.ts'

const profile = z.object({
  name: z.string().max(100).default(''),
  language: z.enum(['en', 'de']).default('en'),
})

type Profile = z.infer<typeof profile>

/** Accounts with a name and a language. */
export function createAccounts(options: Omit<AuthOptions<Profile>, 'profile'>): Auth<Profile> {
  return createAuth({ appName: 'Example', profile, messages, ...options })
}
