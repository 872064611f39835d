import type { TokenPurpose } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'

const GUARANTEE =
  'oneTimeTokens.put and oneTimeTokens.find > give back every purpose and every channel as it was'
const OLD: readonly TokenPurpose[] = ['activate', 'reset_password']

export const brokenPurposes: readonly BrokenStore[] = [
  broken('knows the purposes of its first version alone', GUARANTEE, ({ oneTimeTokens }) => ({
    oneTimeTokens: {
      async put(token) {
        if (!OLD.includes(token.purpose)) throw new Error('violates check constraint')
        return oneTimeTokens.put(token)
      },
    },
  })),

  broken('keeps no channel', GUARANTEE, ({ oneTimeTokens }) => ({
    oneTimeTokens: { put: (token) => oneTimeTokens.put({ ...token, channel: 'email' }) },
  })),

  broken(
    'takes the change of an address and its undoing for one purpose',
    'oneTimeTokens.put and oneTimeTokens.find > keep tokens of another user, purpose or slot apart',
    ({ oneTimeTokens }) => {
      const family = (purpose: TokenPurpose) =>
        purpose === 'undo_email_change' ? 'change_email' : purpose
      return {
        oneTimeTokens: {
          put: (token) => oneTimeTokens.put({ ...token, purpose: family(token.purpose) }),
          async find(linkHash, purpose, now) {
            const token = await oneTimeTokens.find(linkHash, family(purpose), now)
            return token && { ...token, purpose }
          },
        },
      }
    },
  ),
]
