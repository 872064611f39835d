import type { OneTimeToken, OneTimeTokenStore } from '@latchkey/core'
import type { Environment } from './environment.ts'

export function oneTimeTokenStore({ tokens, read, write }: Environment): OneTimeTokenStore {
  function find(linkHash: string, purpose: string, now: Date): OneTimeToken | null {
    const token = tokens.find('link', linkHash)
    return token?.purpose === purpose && token.expiresAt > now ? token : null
  }
  return {
    put: (token) =>
      write(() => {
        const old = tokens.get(token.userId, token.purpose, token.slot)
        const left = old !== null && old.expiresAt > token.createdAt ? old.attemptsLeft : Infinity
        const attemptsLeft = Math.min(left, token.attemptsLeft)
        tokens.put({ ...token, attemptsLeft })
        return attemptsLeft
      }),
    find: (linkHash, purpose, now) => read(() => find(linkHash, purpose, now)),
    list: (userId, purpose, now, limit) =>
      read(() => {
        const where = ({ expiresAt }: OneTimeToken) => expiresAt > now
        return tokens.list(['user', userId, purpose], { backwards: true, limit, where })
      }),
    take: (linkHash, purpose, now) =>
      write(() => {
        const token = find(linkHash, purpose, now)
        if (token !== null) tokens.remove(token)
        return token
      }),
    tryCode: (userId, purpose, now) =>
      write(() => {
        const token = tokens.get(userId, purpose, '')
        if (token === null || !canBeTried(token, now)) return null
        const tried = { ...token, attemptsLeft: token.attemptsLeft - 1 }
        tokens.put(tried)
        return tried
      }),
  }
}

function canBeTried(token: OneTimeToken, now: Date): boolean {
  const { codeHash, codeExpiresAt, attemptsLeft, expiresAt } = token
  if (codeHash === null || codeExpiresAt === null) return false
  return attemptsLeft > 0 && codeExpiresAt > now && expiresAt > now
}
